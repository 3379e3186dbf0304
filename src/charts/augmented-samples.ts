import type { AugmentedPictures, Chart } from './chart.ts';
import { drawFigure } from './figure.ts';
import { drawImage } from './image-tile.ts';
import { palette } from './palette.ts';

const SIZE = 96;
const GAP = 10;
const ROW_TITLE = 84;

/** Training samples picked by the seed, as they are and as epochs saw them. */
export const augmentedSamples: Chart = {
  of: 'run',
  needs: '`train.augment`, and pictures of bytes, or recordings',
  fits: ({ augmented }) => augmented !== undefined,
  async draw({ augmented }) {
    const given = augmented!;
    const { epochs, samples } = given;
    const { noun } = given.pictures;
    const rows = ['as it is', ...epochs.map((epoch) => `epoch ${epoch}`)];
    const [height, width] = given.pictures.shape as readonly [number, number, number];
    const tall = Math.min(SIZE, Math.max(24, Math.ceil((SIZE * height) / width)));
    const titles = rows.map(
      (title, row) =>
        `<text y="${row * (tall + GAP) + tall / 2 + 4}" font-size="12" fill="${palette.muted.light}">${title}</text>`,
    );
    const columns = Array.from({ length: samples }, (_, sample) => drawColumn(given, sample, tall));
    const shown = epochs.length === 1 ? 'the epoch' : `${epochs.length} of the epochs`;
    return drawFigure(
      `Augmented training ${noun}s`,
      `${samples} training ${noun}${samples === 1 ? '' : 's'} picked at random, ` +
        `left alone and as ${shown} saw ${samples === 1 ? 'it' : 'them'}: what nobody can tell, no net can learn.`,
      {
        width: ROW_TITLE + samples * (SIZE + GAP) - GAP,
        height: rows.length * (tall + GAP) - GAP,
        body: `${titles.join('')}${(await Promise.all(columns)).join('')}`,
      },
    );
  },
};

async function drawColumn({ pictures, epochs }: AugmentedPictures, sample: number, tall: number): Promise<string> {
  const first = sample * (epochs.length + 1);
  const x = ROW_TITLE + sample * (SIZE + GAP);
  const images = await Promise.all(
    Array.from({ length: epochs.length + 1 }, async (_, row) => {
      const y = row * (tall + GAP);
      // Pictures stand in the middle of a square.
      const image = await drawImage(pictures, first + row, { x, y: y - (SIZE - tall) / 2, size: SIZE });
      const box = `x="${x}" y="${y}" width="${SIZE}" height="${tall}"`;
      return `${image}<rect ${box} fill="none" stroke="${palette.grid.light}"/>`;
    }),
  );
  return images.join('');
}
