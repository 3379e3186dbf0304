import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Diagnostic } from '../../src/base/diagnostics.ts';
import { loadCheckpoint } from '../../src/checkpoints/checkpoint-file.ts';
import { CheckpointFolder } from '../../src/checkpoints/checkpoint-folder.ts';
import { Rig, convolutional, digitsPipeline, eventsOf } from '../rig.ts';
import type { Fault } from './fault.ts';

const text = `${digitsPipeline({ epochs: 8, layers: convolutional })}  checkpoint: { everySteps: 4, keep: 2 }\n`;

/** Bits flipped in the newest checkpoint of a run that was killed. The last time, the run goes on to its end. */
export const flippedCheckpointBits: Fault = {
  title: 'a flipped bit in the newest checkpoint of a killed run, anywhere in its file',
  tries: { full: 200, reduced: 25 },
  run: async (count, tell) => {
    const rig = new Rig();
    rig.writeDigits();
    rig.write('digits.yaml', text);
    const weightsOf = (stdout: string) => eventsOf(stdout).at(-1)!['weightsSha256'];
    const whole = weightsOf((await rig.run(['run', 'digits.yaml', '--json', '--runs', 'whole/runs'])).stdout);
    const { child, ended } = rig.start(['run', 'digits.yaml', '--json', '--runs', 'killed/runs']);
    let seen = '';
    child.stdout.on('data', (more: string) => {
      seen += more;
      if (seen.split('"checkpoint-written"').length > 6) child.kill('SIGKILL');
    });
    await ended;
    const folder = readdirSync(join(rig.folder, 'killed/runs'), { recursive: true, encoding: 'utf8' }).find((path) =>
      path.endsWith('/checkpoints'),
    )!;
    const directory = join(rig.folder, 'killed/runs', folder);
    const names = readdirSync(directory)
      .filter((name) => name.endsWith('.ckpt'))
      .toSorted();
    const [newest, before] = [join(directory, names.at(-1)!), names.at(-2)!];
    const bytes = readFileSync(newest);
    const expected = JSON.stringify(loadCheckpoint<{ state: unknown }>(join(directory, before)).state.state);
    const wrong: string[] = [];
    for (let i = 0; i < count; i++) {
      const bit = Math.floor(Math.random() * bytes.length * 8);
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      writeFileSync(newest, flipped);
      const warnings: Diagnostic[] = [];
      // Damaged ones are removed; the last one is for the run to find.
      if (i === count - 1) break;
      const taken = new CheckpointFolder(directory, { keep: 2 }, (warning) => warnings.push(warning)).newest();
      if (warnings[0]?.code !== 'damaged-checkpoint' || JSON.stringify(taken?.state) !== expected)
        wrong.push(`bit ${bit} of ${bytes.length * 8} went unnoticed`);
    }
    tell('the run goes on');
    const { code, stdout } = await rig.run(['run', 'digits.yaml', '--json', '--runs', 'killed/runs']);
    if (!stdout.includes('"damaged-checkpoint"')) wrong.push('the run does not say that its checkpoint is damaged');
    if (code !== 0 || weightsOf(stdout) !== whole)
      wrong.push(
        `the run ends with exit code ${code} and the weights ${String(weightsOf(stdout))}, not with ${String(whole)}`,
      );
    rig.remove();
    return wrong;
  },
};
