import { createHmac, timingSafeEqual } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { failure, misuse } from '../../base/diagnostics.ts';
import type { RemoteName } from '../remote-store.ts';

/*
 * What stands behind an entry that was signed: magic (8 bytes), HMAC-SHA-256 over its name, a zero byte and all before.
 * No entry ends so by itself, as its own hash is all that stands at its end.
 */
const magic = Buffer.from('LLSIGNED');
const signatureBytes = magic.length + 32;

/** The key that the environment has for signatures. @throws UserError where it is too short to prove anything */
export function keyOf(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const key = env['PIPELINE_CACHE_KEY']?.trim() || undefined;
  if (key !== undefined && key.length < 16)
    throw misuse(
      'remote-key',
      `PIPELINE_CACHE_KEY has ${key.length} characters, of at least 16`,
      'Set it to what `openssl rand -hex 32` prints, on all machines to the same.',
    );
  return key;
}

/** Signs a file, which is no one else's yet, as what is to lie under a name. @throws the file system's own error */
export async function sign(file: string, name: RemoteName, key: string): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    const { size } = await handle.stat();
    const signature = await signatureOf(handle, size, name, key);
    await handle.write(Buffer.concat([magic, signature]), 0, signatureBytes, size);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Takes the signature from a file that was fetched.
 *
 * @param key left out: it may have any signature, or none
 * @throws UserError where it was not signed with the key; the file system's own error
 */
export async function takeSignature(file: string, name: RemoteName, key: string | undefined): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    const { size } = await handle.stat();
    const end = Buffer.alloc(signatureBytes);
    const before = size - signatureBytes;
    if (before >= 0) await handle.read(end, 0, signatureBytes, before);
    const isSigned = before >= 0 && end.subarray(0, magic.length).equals(magic);
    if (key !== undefined) {
      if (!isSigned) throw unsigned(`${name} is not signed`);
      const signature = await signatureOf(handle, before, name, key);
      if (!timingSafeEqual(signature, end.subarray(magic.length)))
        throw unsigned(`${name} was changed, or signed with another key`);
    }
    if (isSigned) await handle.truncate(before);
  } finally {
    await handle.close();
  }
}

function unsigned(message: string): Error {
  const hint = 'It is left there and not used; the stage runs. Give all machines the same PIPELINE_CACHE_KEY.';
  return failure('remote-signature', message, hint);
}

async function signatureOf(handle: FileHandle, size: number, name: RemoteName, key: string): Promise<Buffer> {
  const hmac = createHmac('sha256', key).update(`${name}\0`);
  const piece = Buffer.alloc(1 << 20);
  for (let at = 0; at < size;) {
    const { bytesRead } = await handle.read(piece, 0, Math.min(piece.length, size - at), at);
    if (bytesRead === 0) throw new Error(`the file was cut short at ${at} bytes`);
    hmac.update(piece.subarray(0, bytesRead));
    at += bytesRead;
  }
  return hmac.digest();
}
