const reasons: Readonly<Record<string, string>> = {
  EROFS: 'the file system is read-only',
  EACCES: 'you may not write there',
  EPERM: 'you may not write there',
  ENOSPC: 'no space is left',
  EDQUOT: 'your quota of space is used up',
  ENOTDIR: 'it is not a folder',
  EEXIST: 'it is not a folder',
};

/** Why something could not be written, in words; the file system's own where there are none here. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return reasons[code ?? ''] ?? message;
}
