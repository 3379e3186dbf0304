import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { flags, isMac, linkFlags, quietLoadSource } from './addon-recipe.ts';
import { engineFailure } from './engine-failure.ts';
import { layout } from './engine-entry.ts';
import { canRun, lastLines, runTool } from './run-tool.ts';
import type { EngineSite } from './engine-site.ts';

/**
 * The C++ compiler, as a command and its first arguments: $CXX, c++, g++ or clang++.
 *
 * @throws UserError when there is none.
 */
export async function findCompiler(): Promise<readonly string[]> {
  const wanted = process.env['CXX'];
  const candidates = wanted ? [wanted.split(/\s+/)] : [['c++'], ['g++'], ['clang++']];
  for (const candidate of candidates) {
    const [command = '', ...args] = candidate;
    if (await canRun(command, [...args, '--version'])) return candidate;
  }
  const fix =
    process.platform === 'darwin' ? 'Install one (`xcode-select --install`)' : 'Install one (such as the package g++)';
  throw engineFailure(
    'engine-no-compiler',
    `No C++ compiler found: ${wanted ? `CXX=${wanted} does not run` : 'none of c++, g++ and clang++ runs'}`,
    fix,
  );
}

/**
 * Builds tfjs-node's addon from the sources in its package, against the libraries already in `folder`.
 *
 * @param folder laid out as an entry of the cache
 * @throws UserError when the compiler refuses.
 */
export async function buildAddon(folder: string, site: EngineSite, compiler: readonly string[]): Promise<void> {
  const sources = join(site.tfjsNode, 'binding');
  const [main = '', framework = ''] = Object.keys(site.wheel.libraries).map((name) =>
    join(folder, layout.libraries, name),
  );
  const addon = join(folder, layout.addon);
  mkdirSync(dirname(addon), { recursive: true });
  const includes = [`-I${join(folder, layout.headers)}`, `-I${site.nodeHeaders}`];
  const files = readdirSync(sources)
    .filter((name) => name.endsWith('.cc'))
    .map((name) => join(sources, name));
  await compile(compiler, [...flags, ...includes, ...files, '-o', addon, ...linkFlags, main, framework]);

  const quietLoad = join(folder, layout.quietLoad);
  const source = quietLoad.replace('.node', '.cc');
  writeFileSync(source, quietLoadSource);
  const library = `-DLIBRARY="${isMac ? '@rpath/' : ''}${basename(main)}"`;
  await compile(compiler, [...flags, library, source, '-o', quietLoad, ...linkFlags, ...(isMac ? [] : ['-ldl'])]);
}

async function compile(compiler: readonly string[], args: readonly string[]): Promise<void> {
  const [command = '', ...first] = compiler;
  const { exitCode, output } = await runTool(command, [...first, ...args]);
  if (exitCode === 0) return;
  const errors = output
    .split('\n')
    .filter((line) => /error|cannot|undefined/i.test(line))
    .slice(0, 2)
    .join(' ');
  throw engineFailure(
    'engine-build-failed',
    `${compiler.join(' ')} could not build the addon of @tensorflow/tfjs-node: ` +
      (errors || lastLines(output) || `exit code ${exitCode}`),
    'Mend the compiler, or choose another with CXX',
  );
}

/**
 * Loads the addon in a process of its own, so that an addon that cannot work is never published.
 *
 * @throws UserError when it does not load.
 */
export async function checkAddon(folder: string, version: string): Promise<void> {
  const script = `process.stdout.write(require(${JSON.stringify(join(folder, layout.addon))}).TF_Version)`;
  const { exitCode, output } = await runTool(process.execPath, ['-e', script], {
    ...process.env,
    NODE_OPTIONS: '',
    TF_CPP_MIN_LOG_LEVEL: '2',
  });
  if (exitCode === 0 && output.includes(version)) return;
  throw engineFailure(
    'engine-unusable',
    `The engine was built, but does not load: ${lastLines(output) || `exit code ${exitCode}`}`,
    `Use a machine that TensorFlow ${version} runs on`,
  );
}
