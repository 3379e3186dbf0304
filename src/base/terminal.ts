import type { WriteStream } from 'node:tty';

/** Whether a stream is a terminal with colours: there are none where NO_COLOR is set or TERM is `dumb`. */
export function showsColors(stream: Pick<WriteStream, 'isTTY' | 'hasColors'>): boolean {
  return stream.isTTY && stream.hasColors();
}

/**
 * Whether a stream is a terminal on which what was written can be written over: one without width, as some CI has,
 * breaks each character.
 */
export function canRedraw({ isTTY, columns }: Pick<WriteStream, 'isTTY' | 'columns'>): boolean {
  return isTTY && columns > 0 && process.env['TERM'] !== 'dumb';
}

/**
 * Lets a command go on when nobody reads what it writes any more (`| head`, a closed terminal): a training is worth
 * more than its log. Where the output cannot be written for another reason, a full disk say, `complain` is told once.
 */
export function outliveReaders(stream: NodeJS.WritableStream, complain: (error: Error) => void): void {
  let told = false;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (told || error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED') return;
    told = true;
    complain(error);
  });
}
