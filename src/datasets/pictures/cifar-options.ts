import { Type } from 'typebox';
import { type CifarLayout, cifar100Layout, cifar10Layout } from './cifar-layouts.ts';
import { dataFileOption } from '../files/data-file.ts';

const places = ({ folder, archive, train, test }: CifarLayout) => ({
  folder: Type.Optional(
    Type.String({
      description:
        `The folder with ${train[0]}${train.length > 1 ? ' to ' + train.at(-1)! : ''} and ${test[0]}, called ` +
        `${folder} as published: its path, from the folder of the pipeline file.`,
      minLength: 1,
    }),
  ),
  archive: Type.Optional(dataFileOption(`The archive ${archive.name}, as it was published, in place of \`folder\``)),
});

/** What a pipeline file says of `cifar10`. */
export const cifar10Face = {
  doc:
    'CIFAR-10 (Krizhevsky 2009): 50,000 training and 10,000 test images of 32 x 32 in colours, 10 classes, in its ' +
    'binary version. Without `folder` or `archive` the archive (170 MB) is fetched once and verified.',
  example: 'source: { cifar10: { folder: data/cifar-10-batches-bin } }',
  options: Type.Object(places(cifar10Layout)),
};

/** What a pipeline file says of `cifar100`. */
export const cifar100Face = {
  doc:
    'CIFAR-100 (Krizhevsky 2009): 50,000 training and 10,000 test images of 32 x 32 in colours, 100 classes in 20 ' +
    'groups, in its binary version. Without `folder` or `archive` the archive (169 MB) is fetched once and verified.',
  example: 'source: { cifar100: { folder: data/cifar-100-binary, labels: fine } }',
  options: Type.Object({
    ...places(cifar100Layout),
    labels: Type.Enum(['fine', 'coarse'], {
      description: 'What is learnt: `fine`, one of 100 classes, or `coarse`, one of the 20 groups that these are in.',
      default: 'fine',
    }),
  }),
};
