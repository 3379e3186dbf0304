import { Type } from 'typebox';

/** What a pipeline file says of `fashionMnist`. */
export const fashionFace = {
  doc:
    'Fashion-MNIST (Xiao, Rasul, Vollgraf 2017): 60,000 training and 10,000 test images of clothes, 28 x 28 in ' +
    'greys, 10 classes. Without `folder` its four files (31 MB) are fetched once and verified.',
  example: 'source: { fashionMnist: { folder: data/fashion } }',
  options: Type.Object({
    folder: Type.Optional(
      Type.String({
        description:
          'The folder with train-images-idx3-ubyte, train-labels-idx1-ubyte and those of t10k, ' +
          'packed (.gz) or not: its path, from the folder of the pipeline file.',
        minLength: 1,
      }),
    ),
  }),
};
