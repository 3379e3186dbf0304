// A server that computes each request by itself, as the first that one would write with fastify and tfjs-node does.
// usage: one-predict-each.mjs MODEL_FOLDER; prints its address
import fastify from 'fastify';
import { loadLayersModel } from '../../dist/index.js';
import { tf } from './tfjs-node.mjs';

const model = await loadLayersModel(tf, process.argv[2]);
const server = fastify({ bodyLimit: 16 << 20, forceCloseConnections: true });
server.post('/invocations', ({ body: { inputs } }) => {
  const predictions = tf.tidy(() => model.apply(tf.tensor(inputs)).arraySync());
  return { predictions: { label: predictions } };
});
process.stdout.write(`${await server.listen({ port: 0, host: '127.0.0.1' })} is ready\n`);
process.on('SIGTERM', () => void server.close());
