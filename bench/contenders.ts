import type { Prepared } from './data.ts';
import { peersPython } from './peers-environment.ts';
import type { PeerName } from './works.ts';

/** What tables call the peers. */
export const titles: Readonly<Record<PeerName, string>> = {
  keras: 'Keras, graph mode',
  torch: 'PyTorch, channels_last',
  jax: 'JAX, `jit` and `lax.scan`',
  tfjs: 'tfjs-node `model.fit`',
  bound: 'convolutions alone (bound)',
};

/** A peer's command for a work. @param key the work's name */
export function peerCommand(name: PeerName, key: string, prepared: Prepared): readonly string[] {
  const {
    amount: { images, epochs },
    folder,
    batchSize,
  } = prepared;
  const told = [key, folder, '--images', String(images), '--epochs', String(epochs), '--batch', String(batchSize)];
  const commands: Readonly<Record<PeerName, readonly string[]>> = {
    keras: [peersPython, 'bench/peers/keras_peer.py', ...told],
    torch: [peersPython, 'bench/peers/torch_peer.py', ...told],
    jax: [peersPython, 'bench/peers/jax_peer.py', ...told],
    tfjs: [process.execPath, 'bench/peers/tfjs-fit.mjs', ...told],
    bound: [process.execPath, 'bench/peers/convolutions.mjs', '--batch', String(batchSize), '--rounds', String(epochs)],
  };
  return commands[name];
}
