import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { diskFull, engineFailure } from './engine-failure.ts';
import { layout } from './engine-entry.ts';
import { canRun, lastLines, runTool, type ToolResult } from './run-tool.ts';
import { headers, tensorflowVersion, type Wheel } from './wheels.ts';

/** Told how much of a step is done, 0 to 1. */
export type OnFraction = (fraction: number) => void;

/** Finds Python 3 with pip. @throws UserError that names what is missing. */
export async function findPython(): Promise<string> {
  const python = 'python3';
  if (!(await canRun(python, ['--version']))) {
    throw engineFailure(
      'engine-no-python',
      'No python3 found: pip downloads TensorFlow',
      'Install Python 3 with pip (such as the packages python3 and python3-pip)',
    );
  }
  if (!(await canRun(python, ['-I', '-m', 'pip', '--version']))) {
    throw engineFailure(
      'engine-no-pip',
      'python3 has no pip: it downloads TensorFlow',
      'Install pip (`python3 -m ensurepip`, or the package python3-pip)',
    );
  }
  return python;
}

/**
 * Downloads the wheel with pip, which knows the user's index, proxy and certificates.
 *
 * @param folder an empty folder for it and for pip's own temporary files
 * @returns the wheel's path
 * @throws UserError when pip does not deliver it.
 */
export async function downloadWheel(
  python: string,
  wheel: Wheel,
  folder: string,
  onFraction: OnFraction,
): Promise<string> {
  const temporary = join(folder, 'pip');
  mkdirSync(temporary, { recursive: true });
  const choice = [
    '--no-deps',
    '--only-binary=:all:',
    '--implementation',
    'cp',
    '--abi',
    'cp311',
    '--python-version',
    '3.11',
    '--platform',
    wheel.platform,
  ];
  const quiet = ['--disable-pip-version-check', '--no-input', '--progress-bar', 'off', '--no-cache-dir'];
  const args = [
    '-I',
    '-m',
    'pip',
    'download',
    ...choice,
    ...quiet,
    '--dest',
    folder,
    `${wheel.project}==${tensorflowVersion}`,
  ];
  const poll = setInterval(() => onFraction(Math.min(1, largestFile(folder) / wheel.bytes)), 200);
  try {
    const result = await runTool(python, args, { ...process.env, TMPDIR: temporary });
    if (result.exitCode !== 0) throw pipFailure(result, wheel, folder);
  } finally {
    clearInterval(poll);
  }
  rmSync(temporary, { recursive: true, force: true });
  const path = join(folder, wheel.file);
  if (!readdirSync(folder).includes(wheel.file)) {
    throw engineFailure(
      'engine-other-wheel',
      `pip delivered ${readdirSync(folder).join(', ') || 'nothing'} instead of ${wheel.file}`,
      'Let pip use an index that mirrors PyPI',
    );
  }
  return path;
}

function pipFailure({ exitCode, output }: ToolResult, wheel: Wheel, folder: string): Error {
  if (/No space left on device/i.test(output)) return diskFull(folder);
  const errors = output
    .split('\n')
    .filter((line) => line.startsWith('ERROR:'))
    .map((line) => line.slice(7));
  const said = errors.at(-1) ?? lastLines(output);
  return engineFailure(
    'engine-wheel-refused',
    `pip could not download ${wheel.file} (exit code ${exitCode}): ${said}`,
    'Check the network and the index that pip uses (`pip config list`)',
  );
}

function largestFile(folder: string): number {
  try {
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
    const sizes = files.map((file) => statSync(join(file.parentPath, file.name), { throwIfNoEntry: false })?.size ?? 0);
    return Math.max(0, ...sizes);
  } catch {
    return 0; // pip removed a folder of its own in this moment
  }
}

/** @throws UserError when a file is not the wheel that was pinned. */
export async function verifyWheel(path: string, wheel: Wheel, onFraction: OnFraction): Promise<void> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    hash.update(chunk as Buffer);
    bytes += (chunk as Buffer).length;
    onFraction(Math.min(1, bytes / wheel.bytes));
  }
  const digest = hash.digest('hex');
  if (digest === wheel.sha256) return;
  throw engineFailure(
    'engine-checksum',
    `${wheel.file} is not the file that was published: its SHA-256 is ${digest} where ${wheel.sha256} is expected`,
    "Let pip use an index that serves PyPI's own files",
  );
}

/**
 * Node cannot read zip files; Python is there anyway. Each file's checksum in the archive is verified on the way. All
 * folders come first: should this process be killed and another remove what it left, Python stops at the next file.
 */
const extractScript = `
import os, shutil, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as wheel:
    for target in sys.argv[3::2]:
        os.makedirs(os.path.dirname(target), exist_ok=True)
    for member, target in zip(sys.argv[2::2], sys.argv[3::2]):
        with wheel.open(member) as source, open(target, "wb") as file:
            shutil.copyfileobj(source, file, 1 << 20)
`;

/**
 * Takes the two libraries and the headers out of the wheel.
 *
 * @param folder gets the layout of an entry of the cache
 * @throws UserError when that fails.
 */
export async function extractWheel(
  python: string,
  path: string,
  wheel: Wheel,
  folder: string,
  onFraction: OnFraction,
): Promise<void> {
  const libraries = Object.keys(wheel.libraries).map((name) => [
    `tensorflow/${name}`,
    join(folder, layout.libraries, name),
  ]);
  const includes = headers.map((name) => [`tensorflow/include/${name}`, join(folder, layout.headers, name)]);
  const whole = Object.values(wheel.libraries).reduce((sum, bytes) => sum + bytes, 0);
  const done = (): number =>
    libraries.reduce((sum, [, target]) => sum + (statSync(target!, { throwIfNoEntry: false })?.size ?? 0), 0);
  const poll = setInterval(() => onFraction(Math.min(1, done() / whole)), 200);
  try {
    const { exitCode, output } = await runTool(python, [
      '-I',
      '-c',
      extractScript,
      path,
      ...[...includes, ...libraries].flat(),
    ]);
    if (/No space left on device/i.test(output)) throw diskFull(folder);
    if (exitCode !== 0 || done() !== whole)
      throw engineFailure(
        'engine-extract',
        `Could not unpack ${wheel.file}: ${lastLines(output, 1)}`,
        'Check the disk',
      );
  } finally {
    clearInterval(poll);
  }
}
