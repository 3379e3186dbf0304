/** How a set of CIFAR (Krizhevsky 2009) was published in its binary version (cs.toronto.edu/~kriz/cifar.html). */
export interface CifarLayout {
  /** What it is in a pipeline file. */
  readonly name: 'cifar10' | 'cifar100';
  readonly title: string;
  /** The files, in the order of their pictures, and how many each has. */
  readonly train: readonly string[];
  readonly test: readonly string[];
  readonly pictures: Readonly<Record<'train' | 'test', number>>;
  /** A picture begins with a byte for each of these lists of classes. */
  readonly labels: Readonly<Record<string, readonly string[]>>;
  /** The folder of the archive, as it was published. */
  readonly folder: string;
  readonly archive: {
    readonly name: string;
    readonly url: string;
    readonly sha256: string;
    readonly bytes: number;
  };
  /** Files that are in the versions for Python and for Matlab. */
  readonly foreign: Readonly<Record<'Python' | 'Matlab', readonly string[]>>;
}

const fine = (
  'apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle bowl boy bridge bus butterfly camel can castle ' +
  'caterpillar cattle chair chimpanzee clock cloud cockroach couch crab crocodile cup dinosaur dolphin elephant ' +
  'flatfish forest fox girl hamster house kangaroo keyboard lamp lawn_mower leopard lion lizard lobster man ' +
  'maple_tree motorcycle mountain mouse mushroom oak_tree orange orchid otter palm_tree pear pickup_truck pine_tree ' +
  'plain plate poppy porcupine possum rabbit raccoon ray road rocket rose sea seal shark shrew skunk skyscraper ' +
  'snail snake spider squirrel streetcar sunflower sweet_pepper table tank telephone television tiger tractor train ' +
  'trout tulip turtle wardrobe whale willow_tree wolf woman worm'
).split(' ');

const coarse = (
  'aquatic_mammals fish flowers food_containers fruit_and_vegetables household_electrical_devices ' +
  'household_furniture insects large_carnivores large_man-made_outdoor_things large_natural_outdoor_scenes ' +
  'large_omnivores_and_herbivores medium_mammals non-insect_invertebrates people reptiles small_mammals trees ' +
  'vehicles_1 vehicles_2'
).split(' ');

const address = 'https://www.cs.toronto.edu/~kriz/';

/*
 * SHA-256 and bytes of the archives: as TensorFlow Datasets publishes them (url_checksums/cifar10.txt, cifar100.txt);
 * torchvision-ruby and GoMLX have the same.
 */

/** CIFAR-10: six files of 10,000 pictures. Names of classes are those of its batches.meta.txt. */
export const cifar10Layout: CifarLayout = {
  name: 'cifar10',
  title: 'CIFAR-10',
  train: [1, 2, 3, 4, 5].map((batch) => `data_batch_${batch}.bin`),
  test: ['test_batch.bin'],
  pictures: { train: 10_000, test: 10_000 },
  labels: { label: 'airplane automobile bird cat deer dog frog horse ship truck'.split(' ') },
  folder: 'cifar-10-batches-bin',
  archive: {
    name: 'cifar-10-binary.tar.gz',
    url: `${address}cifar-10-binary.tar.gz`,
    sha256: 'c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd',
    bytes: 170_052_171,
  },
  foreign: { Python: ['data_batch_1', 'batches.meta'], Matlab: ['data_batch_1.mat', 'batches.meta.mat'] },
};

/** CIFAR-100: of each picture first the coarse label, then the fine one. Names are those of its *_label_names.txt. */
export const cifar100Layout: CifarLayout = {
  name: 'cifar100',
  title: 'CIFAR-100',
  train: ['train.bin'],
  test: ['test.bin'],
  pictures: { train: 50_000, test: 10_000 },
  labels: { coarse, fine },
  folder: 'cifar-100-binary',
  archive: {
    name: 'cifar-100-binary.tar.gz',
    url: `${address}cifar-100-binary.tar.gz`,
    sha256: '58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec',
    bytes: 168_513_733,
  },
  foreign: { Python: ['train', 'meta'], Matlab: ['train.mat', 'meta.mat'] },
};

/** The layouts, of which one is often taken for the other. */
export const cifarLayouts: readonly CifarLayout[] = [cifar10Layout, cifar100Layout];
