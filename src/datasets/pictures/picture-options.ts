import { Type } from 'typebox';
import { wholeNumber } from '../../base/numbers.ts';

/** The option for grey or colours. */
export const channelsOption = Type.Optional(
  Type.Union([Type.Literal(1), Type.Literal(3)], {
    description:
      'What pictures are read as: 1 for greys (0.299 red, 0.587 green, 0.114 blue), 3 for red, green and blue. ' +
      'Without it: as they are, and all have to be alike.',
  }),
);

const length = (what: string) => wholeNumber({ description: `${what} in pixels.`, minimum: 1, maximum: 4096 });

/** The option for the size. */
export const resizeOption = Type.Optional(
  Type.Object(
    {
      width: length('Width'),
      height: length('Height'),
      fit: Type.Enum(['cover', 'contain', 'fill'], {
        description:
          '`cover` fills the size and cuts off what is too long, on both sides alike; ' +
          '`contain` shows all, with black beside it; `fill` stretches.',
        default: 'cover',
      }),
    },
    {
      description: 'The size that each picture is brought to. Without it: all must have one size.',
      additionalProperties: false,
      examples: [{ width: 64, height: 64 }],
    },
  ),
);

/** The option for pictures that cannot be read. */
export const onErrorOption = Type.Enum(['fail', 'skip'], {
  description:
    'What a picture does that cannot be read, is transparent or has more than 8 bits per channel: ' +
    '`fail` ends the run; `skip` leaves it out, and a warning counts and names those.',
  default: 'fail',
});
