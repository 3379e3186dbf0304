import { Command } from 'commander';
import type { RunEvent } from '../base/events.ts';
import { printDiagnostics } from '../base/print-diagnostics.ts';
import { showBytes, showMemory } from '../base/quantities.ts';
import type { EngineStatus } from '../engine/install/engine-status.ts';
import { progressLine } from './progress-line.ts';
import { jsonOption } from './shared-options.ts';

/** `pipeline engine install | status`: TensorFlow itself. */
export function engineCommand(): Command {
  const command = new Command('engine').description('set up TensorFlow, or show what is set up');
  command
    .command('install')
    .description('download, build and link what is missing of the engine; nothing is done where all is there')
    .action(async () => {
      const { ensureEngine } = await import('../engine/install/install-engine.ts');
      const status = await ensureEngine({ emit: showSetUp(process.stdout) });
      process.stdout.write(describe(status));
      if (status.state === 'not linked')
        process.stdout.write(
          'node_modules cannot be written: this program finds the engine all the same, ' +
            'an import of @tensorflow/tfjs-node by another does not\n',
        );
    });
  command
    .command('status')
    .description('show the engine, its versions, its folder and its size')
    .addOption(jsonOption())
    .action(async (options: { json?: boolean }) => {
      const { engineStatus } = await import('../engine/install/engine-status.ts');
      const status = engineStatus();
      process.stdout.write(options.json ? `${JSON.stringify(status)}\n` : describe(status));
    });
  return command;
}

const phases: Readonly<Record<string, string>> = {
  wait: 'Waiting for another set-up of the engine',
  download: 'Downloading TensorFlow',
  verify: 'Checking its SHA-256',
  extract: 'Unpacking the libraries',
  build: 'Building the addon',
  check: 'Checking that it loads',
  link: 'Linking it into node_modules',
};

/** Shows engine-progress: one line per phase, with a bar that moves where there is a terminal. */
function showSetUp(output: NodeJS.WriteStream): (event: RunEvent) => void {
  const progress = progressLine(
    (text) => void output.write(text),
    () => output.columns,
  );
  let last = '';
  return (event) => {
    if (event.type === 'diagnostic')
      process.stderr.write(printDiagnostics([event.diagnostic], { color: false, cwd: process.cwd() }));
    if (event.type !== 'engine-progress') return;
    const { phase, fraction } = event;
    const title = phases[phase] ?? phase;
    if (output.isTTY) progress(title.padEnd(41), fraction);
    else if (phase !== last) output.write(`${title}\n`);
    last = phase;
  };
}

function describe({ kind, state, versions, folder, bytes }: EngineStatus): string {
  const rows = [
    ['engine', `${kind}, ${state}`],
    ['TensorFlow', versions.tensorflow === null ? 'as installed' : versions.tensorflow],
    ['tfjs-node', versions.tfjsNode],
    ['wasm backend', versions.tfjsBackendWasm],
    ['Node', versions.node],
    ['folder', folder],
    ['size', bytes < 1e7 ? showBytes(bytes) : showMemory(bytes)],
  ];
  return rows
    .filter(([, value]) => value !== undefined)
    .map(([name = '', value = '']) => `${name.padEnd(14)}${value}\n`)
    .join('');
}
