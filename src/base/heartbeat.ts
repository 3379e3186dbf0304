import { Worker } from 'node:worker_threads';

/** Milliseconds between two signs of life. */
const beat = 2000;

/**
 * Signs of life that fail to come for so many milliseconds mean that there is no life: some beats, as a disk may be
 * slow.
 */
export const silence = 20_000;

/*
 * A thread of its own, as a step of a training, or its compilation, holds the main one for minutes. It writes what is
 * there already: the time of the file is then that of whoever has the disk, which on a network is another machine. A
 * full disk may refuse to write and still take a time. A file with another content is another process's.
 */
const code = `
const { closeSync, fstatSync, futimesSync, openSync, readFileSync, writeSync } = require('node:fs');
const { parentPort } = require('node:worker_threads');
const contents = new Map();
parentPort.on('message', ({ file, content }) => {
  if (content === undefined) contents.delete(file);
  else contents.set(file, content);
});
setInterval(() => contents.forEach(beat), ${beat});
function beat(content, file) {
  try {
    const handle = openSync(file, 'r+');
    try {
      if (fstatSync(handle).size < 4096 && readFileSync(handle, 'utf8') === content) sign(handle, content);
    } finally {
      closeSync(handle);
    }
  } catch {
    // Taken over or removed: whoever writes next sees it. Or a disk in trouble, which may be better at the next beat.
  }
}
function sign(handle, content) {
  try {
    writeSync(handle, content, 0);
  } catch {
    futimesSync(handle, new Date(), new Date());
  }
}
`;

let worker: Worker | undefined;

/** Shows from now on that this process lives, by a file that it has made. */
export function startBeating(file: string, content: string): void {
  worker ??= startWorker();
  worker.postMessage({ file, content }, []);
}

/** Ends that. */
export function stopBeating(file: string): void {
  worker?.postMessage({ file }, []);
}

function startWorker(): Worker {
  // Nothing that is preloaded into this process has a place there.
  const started = new Worker(code, {
    eval: true,
    execArgv: [],
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 1 },
  });
  // Without it, others may take over what is thought to be dead: this process sees that before it writes.
  started.on('error', () => undefined);
  started.unref();
  return started;
}
