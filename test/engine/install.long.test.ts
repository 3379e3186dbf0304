import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { UserError } from '../../src/base/diagnostics.ts';
import type { RunEvent } from '../../src/base/events.ts';
import { self } from '../../src/base/owner.ts';
import { buildAddon } from '../../src/engine/install/build-addon.ts';
import { explainFileError } from '../../src/engine/install/engine-failure.ts';
import { damagedFile, isLinked, layout, linkEntry, seal, sizeOfWhole } from '../../src/engine/install/engine-entry.ts';
import { ensureEngine, setUpEngine } from '../../src/engine/install/install-engine.ts';
import { engineSite, type EngineSite } from '../../src/engine/install/engine-site.ts';
import { headers, wheelFor } from '../../src/engine/install/wheels.ts';

vi.setConfig({ testTimeout: 60_000 }); // starts real programs: pip, compilers, Node

let folder: string;
let site: EngineSite;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'layerline-engine-'));
  vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'));
  const { entry, ...rest } = engineSite();
  site = { ...rest, entry, places: [entry], tfjsNode: join(folder, 'tfjs-node') };
  mkdirSync(site.tfjsNode);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

/** The one diagnostic that a failed set-up ends with, checked for what all of them have. */
async function failureOf(work: Promise<unknown>): Promise<{ code: string; message: string }> {
  const error = await work.then(
    () => expect.fail('succeeded'),
    (thrown: unknown) => thrown as UserError,
  );
  expect(error.exitCode, error.stack).toBe(1);
  const { code, message, hint } = error.diagnostics[0]!;
  expect(hint).toMatch(/`pipeline engine install` again.*PIPELINE_ENGINE=stock .*PIPELINE_ENGINE=wasm/);
  return { code, message };
}

const setUp = (): Promise<void> => setUpEngine(site, () => {});
const cached = (): string[] => readdirSync(dirname(site.entry));

/** A folder of programs, to be the PATH. */
function pathWith(programs: Record<string, string>): string {
  const bin = mkdtempSync(join(folder, 'bin-'));
  for (const [name, target] of Object.entries(programs)) symlinkSync(target, join(bin, name));
  return bin;
}

const realPython = (): string =>
  execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim();

/** Lets pip see this folder alone. */
function serveOnly(wheels: string): void {
  vi.stubEnv('PIP_NO_INDEX', '1');
  vi.stubEnv('PIP_FIND_LINKS', wheels);
}

/** A package with the pinned wheel's name and version, but not its content. */
function doctoredWheels(): string {
  const wheels = mkdtempSync(join(folder, 'wheels-'));
  const project = site.wheel.project.replace('-', '_');
  const script = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w") as wheel:
    info = sys.argv[2] + "-2.21.0.dist-info/"
    wheel.writestr(info + "METADATA", "Metadata-Version: 2.1\\nName: " + sys.argv[2] + "\\nVersion: 2.21.0\\n")
    wheel.writestr(info + "WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: false\\n" +
        "Tag: cp311-cp311-" + sys.argv[3] + "\\n")
    wheel.writestr(info + "RECORD", "")
    wheel.writestr("tensorflow/libtensorflow_cc.so.2", "not TensorFlow")
`;
  execFileSync('python3', ['-c', script, join(wheels, site.wheel.file), project, site.wheel.platform]);
  return wheels;
}

describe('a set-up that cannot succeed says so, leaves nothing, and downloads nothing it cannot use', () => {
  test('without python3', async () => {
    vi.stubEnv('PATH', pathWith({}));
    expect(await failureOf(setUp())).toMatchObject({
      code: 'engine-no-python',
      message: expect.stringContaining('python3'),
    });
    expect(cached()).toEqual([]);
  });

  test('without a compiler', async () => {
    vi.stubEnv('PATH', pathWith({ python3: realPython() }));
    vi.stubEnv('CXX', undefined);
    expect(await failureOf(setUp())).toMatchObject({
      code: 'engine-no-compiler',
      message: expect.stringContaining('c++, g++ and clang++'),
    });
    expect(cached()).toEqual([]);
  });

  test('with a CXX that does not run', async () => {
    vi.stubEnv('CXX', 'no-such-compiler -m64');
    expect(await failureOf(setUp())).toMatchObject({
      code: 'engine-no-compiler',
      message: expect.stringContaining('CXX=no-such-compiler -m64'),
    });
  });

  test('with an index that has no such wheel', async () => {
    serveOnly(mkdtempSync(join(folder, 'wheels-')));
    const { code, message } = await failureOf(setUp());
    expect(code).toBe('engine-wheel-refused');
    expect(message).toContain(site.wheel.file);
    expect(message).toContain('No matching distribution');
    expect(cached()).toEqual([]);
  });

  test('with a wheel that is not the published one', async () => {
    serveOnly(doctoredWheels());
    const { code, message } = await failureOf(setUp());
    expect(code).toBe('engine-checksum');
    expect(message).toContain(site.wheel.file);
    expect(message).toContain(site.wheel.sha256);
    expect(cached()).toEqual([]);
  });

  test('in a cache that cannot be written', async () => {
    writeFileSync(join(folder, 'cache'), 'a file where the folder should be');
    const { code, message } = await failureOf(setUp());
    expect(code).toBe('engine-not-writable');
    expect(message).toContain(join(folder, 'cache'));
  });

  test.skipIf(!existsSync('/dev/full'))('on a full disk', async () => {
    const write = Promise.resolve().then(() => writeFileSync('/dev/full', 'x'));
    const explained = write.catch((error: unknown) => Promise.reject(explainFileError(error, folder) as Error));
    expect(await failureOf(explained)).toMatchObject({
      code: 'engine-disk-full',
      message: expect.stringContaining(folder),
    });
  });

  test('with a compiler that refuses', async () => {
    mkdirSync(join(site.tfjsNode, 'binding'), { recursive: true });
    writeFileSync(join(site.tfjsNode, 'binding/tfjs_binding.cc'), '#include "no_such_header.h"\n');
    const { code, message } = await failureOf(buildAddon(join(folder, 'new'), site, ['c++']));
    expect(code).toBe('engine-build-failed');
    expect(message).toContain('no_such_header.h');
  });
});

test('a set-up leaves alone what one in another container is making; of one that ended it removes all', async () => {
  serveOnly(mkdtempSync(join(folder, 'wheels-')));
  const lock = `${site.entry}.lock.owner.1`;
  mkdirSync(dirname(lock), { recursive: true });
  writeFileSync(lock, JSON.stringify({ ...self(), space: 'another container' }));
  const left = [
    `${site.entry}.00000000-0000-4000-8000-000000000000.tmp`,
    `${site.entry}.7@elsewhere.tmp`,
    `${site.entry}.7@elsewhere.tmp.old.tmp`,
  ];
  for (const name of left) mkdirSync(join(name, 'deps'), { recursive: true });
  const failed = failureOf(setUp());
  await sleep(1000);
  expect(
    cached()
      .map((name) => join(dirname(site.entry), name))
      .toSorted(),
  ).toEqual([...left, lock].toSorted());
  utimesSync(lock, 1, 1);
  await failed;
  expect(cached()).toEqual([]);
});

test('PIPELINE_ENGINE that names no engine is refused with the choices', async () => {
  vi.stubEnv('PIPELINE_ENGINE', 'abacus');
  const error = await ensureEngine({ emit: () => {} }).then(
    () => expect.fail('succeeded'),
    (thrown: unknown) => thrown as UserError,
  );
  expect(error.diagnostics[0]).toMatchObject({
    code: 'unknown-engine',
    message: expect.stringContaining('abacus'),
    hint: expect.stringMatching(/native, stock, or wasm/),
  });
});

test('there is a wheel for three platforms, and a clear word for the others', async () => {
  for (const [platform, arch] of [
    ['linux', 'x64'],
    ['linux', 'arm64'],
    ['darwin', 'arm64'],
  ] as const)
    expect(wheelFor(platform, arch, 'glibc').sha256).toMatch(/^[0-9a-f]{64}$/);
  const none = (platform: string, arch: string, libc: 'glibc' | 'musl') =>
    Promise.resolve().then(() => wheelFor(platform, arch, libc));
  expect((await failureOf(none('win32', 'x64', 'glibc'))).message).toContain('win32 x64');
  expect((await failureOf(none('linux', 'x64', 'musl'))).message).toContain('musl');
});

describe('an entry of the cache', () => {
  function fill(entry: string): void {
    for (const path of [
      ...Object.keys(site.wheel.libraries).map((name) => join(layout.libraries, name)),
      ...headers.map((name) => join(layout.headers, name)),
      layout.addon,
      layout.quietLoad,
    ]) {
      mkdirSync(dirname(join(entry, path)), { recursive: true });
      writeFileSync(join(entry, path), 'ten bytes.');
    }
  }

  test('is whole only when sealed, and with every file at its size', async () => {
    fill(site.entry);
    expect(sizeOfWhole(site.entry, site.wheel)).toBeUndefined();
    await seal(site.entry, site);
    expect(sizeOfWhole(site.entry, site.wheel)).toBe(10 * (2 + 14 + 2));
    truncateSync(join(site.entry, layout.addon), 9);
    expect(sizeOfWhole(site.entry, site.wheel)).toBeUndefined();
    expect(await damagedFile(site.entry, site.wheel)).toBe(layout.addon);
  });

  test.each([
    ['names no files', { files: {} }],
    ['names one file less', { files: { [layout.addon]: 10 } }],
    ['names a file elsewhere', { files: { '../../outside': 10 } }],
    ['has no hash where one should be', { hashes: { [layout.addon]: null } }],
    ['has no files at all', { files: null }],
    ['is of another wheel', { wheel: 'other.whl' }],
  ])('is damaged where its seal %s', async (_, change) => {
    fill(site.entry);
    await seal(site.entry, site);
    writeFileSync(join(site.entry, 'engine.json'), JSON.stringify({ ...(JSON.parse(sealOf()) as object), ...change }));
    expect(sizeOfWhole(site.entry, site.wheel)).toBeUndefined();
    expect(await damagedFile(site.entry, site.wheel)).toBe('engine.json');
    for (const text of ['null', '{}', '[]', '{"files"']) {
      writeFileSync(join(site.entry, 'engine.json'), text);
      expect(await damagedFile(site.entry, site.wheel)).toBe('engine.json');
    }
  });

  const sealOf = () => readFileSync(join(site.entry, 'engine.json'), 'utf8');
  const later = (path: string) => utimesSync(path, new Date(), new Date(Date.now() + 5_000));

  test('is damaged by a flipped bit; a copy, which has other times alone, is read once and then known', async () => {
    fill(site.entry);
    await seal(site.entry, site);
    const [addon, library] = [
      join(site.entry, layout.addon),
      join(site.entry, layout.libraries, Object.keys(site.wheel.libraries)[0]!),
    ];
    expect(await damagedFile(site.entry, site.wheel)).toBeUndefined();
    const before = sealOf();
    later(addon);
    expect(await damagedFile(site.entry, site.wheel)).toBeUndefined();
    expect(sealOf()).not.toBe(before);
    writeFileSync(library, 'ten bytes,');
    later(library);
    const known = sealOf();
    expect(await damagedFile(site.entry, site.wheel)).toBe(`${layout.libraries}/${basename(library)}`);
    expect(sealOf()).toBe(known);
    writeFileSync(library, 'ten bytes.');
    expect(await damagedFile(site.entry, site.wheel)).toBeUndefined();
  });

  test('is read to its last byte before it is linked, and set up again where damaged, which is told', async () => {
    fill(site.entry);
    const library = join(site.entry, layout.libraries, Object.keys(site.wheel.libraries)[0]!);
    writeFileSync(library, Buffer.alloc(2e6));
    await seal(site.entry, site);
    const { mtime } = statSync(library);
    writeFileSync(library, Buffer.alloc(2e6, 1));
    // Its size and its time tell nothing.
    utimesSync(library, mtime, mtime);
    expect(await damagedFile(site.entry, site.wheel)).toBeUndefined();
    serveOnly(mkdtempSync(join(folder, 'wheels-')));
    const events: RunEvent[] = [];
    expect(await failureOf(setUpEngine(site, (event) => events.push(event)))).toMatchObject({
      code: 'engine-wheel-refused',
    });
    expect(events[0]).toMatchObject({
      type: 'diagnostic',
      diagnostic: { code: 'engine-damaged', message: expect.stringContaining(library) },
    });
    expect(readdirSync(site.tfjsNode)).toEqual([]);
  });

  test('that was sealed before hashes were kept gets them when it is first looked at', async () => {
    fill(site.entry);
    await seal(site.entry, site);
    const { hashes, ...older } = JSON.parse(sealOf()) as { hashes: object };
    writeFileSync(join(site.entry, 'engine.json'), JSON.stringify(older));
    expect(await damagedFile(site.entry, site.wheel)).toBeUndefined();
    expect(JSON.parse(sealOf())).toEqual({ ...older, hashes });
  });

  test('is linked into tfjs-node; a stock install is kept aside, and comes to no harm the second time', async () => {
    fill(site.entry);
    await seal(site.entry, site);
    mkdirSync(join(site.tfjsNode, 'deps'), { recursive: true });
    writeFileSync(join(site.tfjsNode, 'deps/stock-library'), 'stock');
    expect(isLinked(site, site.entry)).toBe(false);
    await setUp();
    linkEntry(site, site.entry);
    expect(isLinked(site, site.entry)).toBe(true);
    expect(readlinkSync(join(site.tfjsNode, 'deps'))).toBe(join(site.entry, 'deps'));
    const otherWay = join(folder, 'other-way');
    symlinkSync(dirname(site.entry), otherWay);
    expect(isLinked(site, join(otherWay, basename(site.entry)))).toBe(true);
    expect(readFileSync(join(site.tfjsNode, layout.addon), 'utf8')).toBe('ten bytes.');
    expect(readFileSync(join(site.tfjsNode, 'deps.stock/stock-library'), 'utf8')).toBe('stock');
  });
});
