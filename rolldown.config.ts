import { chmodSync, readFileSync, readdirSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { type CodeSplittingGroup, type Plugin, defineConfig } from 'rolldown';

// Packages that are light but made of hundreds of small files are bundled, since reading those files is most of what
// `pipeline validate` would wait for. The rest stays outside and loads when it is needed.
const bundled = ['typebox', 'yaml', 'commander', 'pure-rand', 'hyparquet', 'fzstd'];

/** The licences of what was bundled, which ask for their text beside the code. */
const licenses = (fileName: string): Plugin => ({
  name: 'licenses',
  generateBundle(_, bundle) {
    const modules = Object.values(bundle).flatMap((part) => (part.type === 'chunk' ? part.moduleIds : []));
    const packages = [
      ...new Set(modules.flatMap((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0] ?? [])),
    ].toSorted();
    this.emitFile({
      type: 'asset',
      fileName,
      source: packages.map(licenseOf).join(`\n${'-'.repeat(80)}\n\n`),
    });
  },
});

function licenseOf(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    name: string;
    version: string;
    license: string;
  };
  const texts = readdirSync(folder).filter((file) => /^(licen[cs]e|notice|copying)/i.test(file));
  if (texts.length === 0) throw new Error(`${name} is bundled, but has no text of its licence`);
  return [`${name} ${version} (${license})\n`, ...texts.map((file) => readFileSync(join(folder, file), 'utf8'))].join(
    '\n',
  );
}

/** commander can start programs, which none of its commands here are: `node:child_process` takes 10 ms to load. */
const startsOthers = (id: string, importer: string | undefined) =>
  id === 'node:child_process' && importer?.includes('/node_modules/commander/') === true;
const startsNone: Plugin = {
  name: 'starts-none',
  resolveId: (id, importer) => (startsOthers(id, importer) ? '\0none' : undefined),
  load: (id) => (id === '\0none' ? 'export {};' : undefined),
};

/** ajv, of which Node takes 40 ms longer to load its 68 files, in one file: beside, as only wrong files need it. */
const ajvBeside: Plugin = {
  name: 'ajv-beside',
  transform: (code, id) =>
    id.endsWith('/src/language/check/check-schema.ts') ? code.replaceAll("('ajv')", "('./ajv.cjs')") : undefined,
};

/**
 * What `validate` imports before it looks at anything is one file: each costs Node a millisecond, and what it does not
 * need costs time to compile. All other commands but a few need it too.
 */
const checks = new Set<string>();
function reach(id: string, importsOf: (id: string) => readonly string[]): void {
  if (checks.has(id)) return;
  checks.add(id);
  for (const imported of importsOf(id)) reach(imported, importsOf);
}
const withChecks: CodeSplittingGroup = {
  debugName: 'checks',
  name: (id, bundle) => {
    if (checks.size === 0)
      for (const file of ['program.ts', 'commands/validate.ts'])
        reach(join(import.meta.dirname, 'src', file), (of) => bundle.getModuleInfo(of)?.importedIds ?? []);
    return checks.has(id) ? 'checks' : null;
  },
};
/** The ways in, which are ES modules: what they import is the program. */
const waysIn: Plugin = {
  name: 'ways-in',
  resolveId(id) {
    if (id === 'library') return '\0library';
    return /^\.\/(program|library)\./.test(id) ? { id: id.replace('.ts', '.cjs'), external: true } : undefined;
  },
  load: (id) => (id === '\0library' ? "export * from './library.cjs';" : undefined),
};

const onlyWhatComputes = {
  moduleSideEffects: false,
  manualPureFunctions: ['defineLayer', 'Type', 'wholeNumber', 'realNumber', 'weightOptions', 'scaling'],
};

/** What CommonJS has in the place of `import.meta`. */
const ofCommonJs = {
  'import.meta.url': "process.getBuiltinModule('node:url').pathToFileURL(__filename).href",
  'import.meta.filename': '__filename',
  'import.meta.dirname': '__dirname',
};

export default defineConfig([
  {
    // CommonJS: Node starts it sooner, and of such files alone Node 20 can keep what it compiles (base/keep-compiled.ts).
    // Beside what is started and imported, what a thread is started from.
    input: {
      program: 'src/program.ts',
      library: 'src/index.ts',
      'picture-thread': 'src/datasets/pictures/picture-thread.ts',
    },
    platform: 'node',
    external: (id, importer) =>
      !startsOthers(id, importer) &&
      !/^[.\0]/.test(id) &&
      !isAbsolute(id) &&
      !bundled.some((name) => id === name || id.startsWith(`${name}/`)),
    // Of yaml the modules that browsers get: the same code, but without a function around each file, which Node would
    // compile twice.
    resolve: { alias: { yaml: join(import.meta.dirname, 'node_modules/yaml/browser/dist/index.js') } },
    transform: { define: ofCommonJs },
    plugins: [startsNone, ajvBeside, licenses('THIRD-PARTY-LICENSES.txt')],
    output: {
      dir: 'dist',
      format: 'cjs',
      entryFileNames: '[name].cjs',
      chunkFileNames: '[name]-[hash].cjs',
      cleanDir: true,
      // Where `import(` stands in a comment, Node 20 would not keep what it compiles of the file.
      comments: { jsdoc: false },
      codeSplitting: { groups: [withChecks] },
    },
  },
  {
    // The ways in, for who imports and who starts it.
    input: { cli: 'src/cli.ts', index: 'library' },
    platform: 'node',
    external: /^node:/,
    // `npx pipeline` makes its link, and the file behind it executable, once; each build writes the file anew.
    plugins: [
      waysIn,
      { name: 'executable', writeBundle: () => chmodSync(join(import.meta.dirname, 'dist/cli.js'), 0o755) },
    ],
    output: { dir: 'dist', format: 'esm' },
  },
  {
    input: { ajv: 'node_modules/ajv/dist/ajv.js' },
    platform: 'node',
    plugins: [licenses('AJV-LICENSES.txt')],
    output: { dir: 'dist', format: 'cjs', entryFileNames: '[name].cjs', comments: { jsdoc: false } },
  },
  {
    // For browsers too: one file, of the rows of the layers only what computes.
    input: { browser: 'src/layers/custom-layers.ts' },
    platform: 'browser',
    treeshake: onlyWhatComputes,
    output: { dir: 'dist', format: 'esm' },
  },
  {
    // What `pipeline package` puts beside a model: for browsers too.
    input: { packaged: 'src/models/package/packaged-model.ts' },
    platform: 'browser',
    // Of the files that it takes parts of; none of them is in what is left.
    external: /^node:(?!zlib$)/,
    resolve: { alias: { 'node:zlib': join(import.meta.dirname, 'src/datasets/files/zlib-anywhere.ts') } },
    treeshake: onlyWhatComputes,
    plugins: [licenses('PACKAGED-LICENSES.txt')],
    output: { dir: 'dist', format: 'esm' },
  },
]);
