import type { Prepared } from './data.ts';
import { pipelineRun } from './processes.ts';

/** What trains the nets: ours, the peers, and the bound that no contender can pass. */
export const contenderNames = ['layerline', 'keras', 'torch', 'tfjs', 'bound'] as const;
export type ContenderName = (typeof contenderNames)[number];

/** What tables call them. */
export const titles: Readonly<Record<ContenderName, string>> = {
  layerline: 'layerline, `pipeline run`',
  keras: 'Keras, graph mode',
  torch: 'PyTorch, channels_last',
  tfjs: 'tfjs-node `model.fit`',
  bound: 'convolutions alone (bound)',
};

/** A contender's command for a work. @param python the peers' own */
export function commandOf(
  name: ContenderName,
  { key, prepared, python, scratch }: { key: string; prepared: Prepared; python: string; scratch: string },
): readonly string[] {
  const {
    amount: { images, epochs },
    folder,
    batchSize,
    pipelineFile,
  } = prepared;
  const told = [key, folder, '--images', String(images), '--epochs', String(epochs), '--batch', String(batchSize)];
  const commands: Readonly<Record<ContenderName, readonly string[]>> = {
    layerline: pipelineRun(pipelineFile, scratch),
    keras: [python, 'bench/peers/keras_peer.py', ...told],
    torch: [python, 'bench/peers/torch_peer.py', ...told],
    tfjs: [process.execPath, 'bench/peers/tfjs-fit.mjs', ...told],
    bound: [process.execPath, 'bench/peers/convolutions.mjs', '--batch', String(batchSize), '--rounds', String(epochs)],
  };
  return commands[name];
}
