import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import nodeModule from 'node:module';
import { dirname, join } from 'node:path';
import { cachedDataVersionTag } from 'node:v8';
import { Script } from 'node:vm';

/** Milliseconds after which what was kept is made anew, so that nothing of old versions stays. */
const longest = 30 * 24 * 60 * 60 * 1000;

/** Bytes of a SHA-256. */
const hashBytes = 32;

declare global {
  namespace NodeJS {
    interface Module {
      /** Runs the text of a CommonJS module; Node's own, which its types leave out. */
      _compile(code: string, file: string): unknown;
    }
  }
}

/**
 * Has Node keep what it compiles of this program, for the next process: its own `enableCompileCache` where it has one
 * (from 22.8 on), else the same by V8's means, of what is required from now on. A folder that cannot be written to
 * changes nothing.
 *
 * @param folder where it is kept, which must belong to the user: what lies there is run
 * @param program the folder of the program's own files; others are left to Node
 */
export function keepCompiled(folder: string, program: string): void {
  if ('enableCompileCache' in nodeModule && typeof nodeModule.enableCompileCache === 'function')
    nodeModule.enableCompileCache(folder);
  else keepByV8(folder, program);
}

function keepByV8(folder: string, program: string): void {
  const made: { readonly path: string; readonly script: Script }[] = [];
  const modules: NodeJS.Module = nodeModule.prototype;
  const compile = modules._compile;
  modules._compile = function (code, file) {
    // Of what was kept V8 no longer knows who is asked for what it imports.
    if (dirname(file) !== program || code.includes('import(')) return compile.call(this, code, file);
    const name = `${createHash('sha256').update(code).digest('hex')}-${cachedDataVersionTag().toString(16)}`;
    const path = join(folder, name);
    const cachedData = readKept(path);
    const script = new Script(nodeModule.wrap(code), {
      filename: file,
      ...(cachedData && { cachedData }),
    });
    if (cachedData === undefined || script.cachedDataRejected === true) made.push({ path, script });
    const run: (...parts: readonly unknown[]) => unknown = script.runInThisContext();
    return run.call(this.exports, this.exports, nodeModule.createRequire(file), this, file, dirname(file));
  };
  // At the end V8 has also compiled the functions that were called.
  process.on('exit', () => {
    if (made.length > 0) keep(folder, made);
  });
}

/** V8 itself takes data with a flipped bit for right. @returns undefined where there is none that may be used */
function readKept(path: string): Buffer | undefined {
  try {
    if (Date.now() - statSync(path).mtimeMs > longest) return undefined;
    const bytes = readFileSync(path);
    const data = bytes.subarray(hashBytes);
    return createHash('sha256').update(data).digest().equals(bytes.subarray(0, hashBytes)) ? data : undefined;
  } catch {
    return undefined;
  }
}

function keep(folder: string, made: readonly { readonly path: string; readonly script: Script }[]): void {
  try {
    mkdirSync(folder, { recursive: true });
    for (const { path, script } of made) {
      const data = script.createCachedData();
      const aside = `${path}.${randomUUID()}.tmp`;
      writeFileSync(aside, Buffer.concat([createHash('sha256').update(data).digest(), data]));
      renameSync(aside, path);
    }
    for (const name of readdirSync(folder)) {
      const path = join(folder, name);
      if (Date.now() - statSync(path).mtimeMs > longest) rmSync(path, { force: true });
    }
  } catch {
    // The next process compiles it again.
  }
}
