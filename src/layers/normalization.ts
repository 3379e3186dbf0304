import { Type } from 'typebox';
import { type LayerRow, defineLayer, sizeOf } from './layer.ts';
import { initializerOption } from './options.ts';

/** Normalization layers. */
export const normalizationLayers: Record<'batchNormalization', LayerRow> = {
  batchNormalization: defineLayer({
    doc: 'Brings each channel to mean 0 and variance 1 over the batch, then scales and shifts it (Ioffe and Szegedy 2015). Outside training it uses moving averages.',
    example: 'batchNormalization: { momentum: 0.99 }',
    options: Type.Object({
      momentum: Type.Number({ description: 'Weight of the past in the moving averages.', default: 0.99, minimum: 0, maximum: 1 }),
      epsilon: Type.Number({ description: 'Added to the variance against division by zero.', default: 0.001, exclusiveMinimum: 0 }),
      center: Type.Boolean({ description: 'Whether beta is added.', default: true }),
      scale: Type.Boolean({ description: 'Whether the result is multiplied by gamma.', default: true }),
      betaInitializer: initializerOption('beta', 'zeros'),
      gammaInitializer: initializerOption('gamma', 'ones'),
      movingMeanInitializer: initializerOption('moving mean', 'zeros'),
      movingVarianceInitializer: initializerOption('moving variance', 'ones'),
    }),
    aliases: { batchnorm: {} },
    outputShape: (input) => input,
    parameters: (input, { center, scale }) => ({ trainable: input.at(-1)! * (Number(center) + Number(scale)), nonTrainable: 2 * input.at(-1)! }),
    flops: (_, output) => 4 * sizeOf(output),
    build: ({ betaInitializer, gammaInitializer, movingMeanInitializer, movingVarianceInitializer, ...options }, { tf, name, initializer }) =>
      tf.layers.batchNormalization({
        ...options,
        name,
        betaInitializer: initializer(betaInitializer, 'beta'),
        gammaInitializer: initializer(gammaInitializer, 'gamma'),
        movingMeanInitializer: initializer(movingMeanInitializer, 'movingMean'),
        movingVarianceInitializer: initializer(movingVarianceInitializer, 'movingVariance'),
      }),
  }),
};
