import type { SampleNoun } from '../../base/events.ts';
import type { DatasetSpec } from '../dataset.ts';

/**
 * Images where a sample is one of them, bytes [height, width, channels]; a text, a row of a table or a pair of images
 * is a sample.
 */
export function sampleNoun({ inputs: [input, ...more], isSpectrogram }: DatasetSpec): SampleNoun {
  if (isSpectrogram === true) return 'recordings';
  return more.length === 0 && input!.shape.length === 3 && input!.dtype === 'uint8' ? 'images' : 'samples';
}
