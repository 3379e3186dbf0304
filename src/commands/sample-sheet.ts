import { extname } from 'node:path';
import { failure, misuse } from '../base/diagnostics.ts';
import { hideSecretsIn } from '../base/secrets.ts';
import type { LoadedData } from '../stages/load.ts';
import { writeOut } from './write-out.ts';

/** @throws UserError where a sheet's file has neither of the endings that one is drawn for */
export function proveSheet(file: string): void {
  if (['.svg', '.png'].includes(extname(file).toLowerCase())) return;
  throw misuse('sheet-format', `--sheet ${file} ends neither in .svg nor in .png`, 'Name a file such as sheet.png.');
}

/** Draws samples into a file. @throws UserError where there is nothing to draw, or the file cannot be written */
export async function writeSheet(file: string, { shown }: LoadedData): Promise<void> {
  if (shown === undefined)
    throw failure(
      'nothing-to-draw',
      'the data is neither pictures of bytes, recordings nor a table: there is no sheet of it',
      'Leave --sheet out: what the data holds is told without it.',
    );
  const [{ drawSheet }, { rasterize }] = await Promise.all([
    import('../charts/training-samples.ts'),
    import('../charts/rasterize.ts'),
  ]);
  const { svg } = await drawSheet(hideSecretsIn(shown));
  const isPng = extname(file).toLowerCase() === '.png';
  const content = isPng ? await rasterize(svg) : onPaper(svg);
  writeOut(file, content);
}

/** By itself, a figure stands on whatever the viewer has behind it. */
const onPaper = (svg: string) => svg.replace(/<text /, '<rect width="100%" height="100%" fill="#ffffff"/><text ');
