import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { UserError } from '../../src/base/diagnostics.ts';
import { printDiagnostics } from '../../src/base/print-diagnostics.ts';
import { addressMisfit } from '../../src/tracking/server/server-address.ts';
import { trackingPlace } from '../../src/tracking/tracking-place.ts';
import { oneIn } from '../draws.ts';
import { Rig } from '../rig.ts';

const rig = new Rig();
afterAll(() => rig.remove());

/** What is printed of a tracking URI that is refused. */
function refusal(uri: string): string {
  try {
    return expect.unreachable(JSON.stringify(trackingPlace(uri)));
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    expect((error as UserError).exitCode).toBe(2);
    return printDiagnostics((error as UserError).diagnostics, { color: false, cwd: '/' });
  }
}

/** What looks like a server's address -> the address that it was meant to be. */
const meant: Readonly<Record<string, string>> = {
  '127.0.0.1:5601': 'http://127.0.0.1:5601',
  '127.0.0.1': 'http://127.0.0.1',
  'localhost:5000': 'http://localhost:5000',
  localhost: 'http://localhost',
  'mlflow:5000/ml': 'http://mlflow:5000/ml',
  '[::1]:5000': 'http://[::1]:5000',
  'mlflow.example.org': 'http://mlflow.example.org',
  'mlflow.example.org/ml': 'http://mlflow.example.org/ml',
  '//host:5000': 'http://host:5000',
  ' http://127.0.0.1:5601': 'http://127.0.0.1:5601',
  '\thttps://host': 'https://host',
  '"http://127.0.0.1:5601"': 'http://127.0.0.1:5601',
  "'https://host/ml'": 'https://host/ml',
  '<http://host>': 'http://host',
  '"127.0.0.1:5601"': 'http://127.0.0.1:5601',
  'http:host': 'http://host',
  'http:/host': 'http://host',
  'http//host': 'http://host',
  'http;//host': 'http://host',
  'htp://host:5000': 'http://host:5000',
  'htttps://host': 'https://host',
  'HTPS://host': 'https://host',
};

test.each(Object.entries(meant))('%j is no folder: %s was meant', (uri, address) => {
  expect(refusal(uri)).toMatch(/is not the address of a server: it does not begin with http/);
  expect(refusal(uri)).toContain(`Did you mean \`${address}\`?`);
});

test.each([
  'databricks',
  'Databricks',
  'databricks-uc',
  'uc',
  'databricks://profile',
  'databricks-uc://p',
  'uc:http://host',
  'sqlite:///x.db',
  'SQLITE:///x.db',
  'postgresql://host/db',
  'mysql+pymysql://host/db',
  'mssql://h/d',
  's3://bucket/runs',
  'ftp://host',
  'C:\\runs',
  'file://elsewhere/runs',
  ' databricks',
  '"sqlite:///x.db"',
])('%j is neither a server nor a folder', (uri) => {
  expect(refusal(uri)).toMatch(
    /no runs can be kept in '.*'\n {2}help: give the address of an MLflow server \(http:\/\/\.\.\.\), or a folder/,
  );
});

test.each([
  ['http://host ', /space before or after/],
  ['http://host\n', /control character/],
  ['runs ', /space or a quotation mark/],
  ['runs\n', /space or a quotation mark/],
  ["'runs'", /space or a quotation mark.*\n.*Did you mean 'runs'\?/],
  ['ru\nns', /control character/],
  [' ', /space or a quotation mark/],
  ['\\\\srv\\runs', /`\\` in it is no \/ between/],
  ['runs*', /`\*` in it means something else.*\n.*just this one is `\.\/runs\*`/],
  ['runs?x', /`\?` in it/],
  ['-x', /`-` in it .*\n.*`\.\/-x`/],
  ['name:1', /Did you mean `http:\/\/name:1`\? A new folder of this name: `\.\/name:1`/],
  ['a:b', /a folder of this name is `\.\/a:b`/],
  ['a:b/c', /a folder of this name is `\.\/a:b\/c`/],
  ['~/runs', new RegExp(`no shell.*\\n.*\`${homedir()}/runs\`.*\`\\./~/runs\``)],
  ['$HOME/runs', new RegExp(`no shell.*\\n.*\`${homedir()}/runs\``)],
  ['file:', /names no folder/],
  ['file://', /names no folder/],
  ['file:///a#b', /ends? the path.*\n.*# as %23/],
  ['file:///a?b', /ends? the path/],
  ['file:///a%zz', /%.*\n.*% as %25/],
  ['file:///a%', /% as %25/],
  ['file:///a%FF', /% as %25/],
  ['file:///a%00b', /control character/],
])('%j is refused', (uri, said) => {
  expect(refusal(uri)).toMatch(said);
});

test.each([
  ['runs2', 'runs2'],
  ['a//b', 'a//b'],
  ['tr/', 'tr/'],
  ['./runs*', './runs*'],
  ['./name:1', './name:1'],
  ['./-x', './-x'],
  ['x y', 'x y'],
  ['./databricks', './databricks'],
  ['./mlflow.example.org', './mlflow.example.org'],
  ['../x', '../x'],
  ['/a/b c/%20#?', '/a/b c/%20#?'],
  ['2026.11', '2026.11'],
  ['a%20b', 'a%20b'],
  ['file:///a/b%20c', '/a/b c'],
  ['file:/a', '/a'],
  ['file:a%25', 'a%'],
  ['FILE:///a', '/a'],
  ['file://localhost/a', '/a'],
  ['file:///a\\b', '/a\\b'],
])('%j is the folder %j', (uri, folder) => {
  expect(trackingPlace(uri)).toEqual({ folder });
});

test.each(['http://host', 'HTTP://host:5000/ml', 'https://ada:50%@host'])('%j is a server', (uri) => {
  expect(trackingPlace(uri)).toEqual({ server: uri });
});

test('whatever stands around an address, it makes no folder of it', () => {
  const around = fc
    .array(fc.constantFrom(' ', '\t', '\n', '"', "'", '`'), { maxLength: 3 })
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(
      around,
      fc.constantFrom(...Object.keys(meant), 'http://host:1', 'https://a.b/c', 'databricks', 'sqlite:///x'),
      around,
      (before, address, after) => {
        if (before + address + after === address && address.startsWith('http') && address.includes('://')) return;
        refusal(before + address + after);
      },
    ),
  );
});

test('an address with many blanks in it is answered at once', () => {
  for (const uri of [`http://a${' '.repeat(250_000)}b`, `x${' '.repeat(250_000)}b`, ' '.repeat(250_000)]) {
    const start = performance.now();
    expect(addressMisfit(uri)).toBeDefined();
    if (uri.startsWith('x')) expect(trackingPlace(uri)).toEqual({ folder: uri });
    else refusal(uri);
    expect(performance.now() - start).toBeLessThan(5000);
  }
});

test('a folder that is there may be called like a host', async () => {
  mkdirSync(join(rig.folder, 'runs.old'));
  rig.write(
    'p.yaml',
    'name: t\ndata: { source: { csv: { file: d.csv, targets: { y: number } } } }\nmodel: { layers: [dense 1] }\n' +
      'train: { optimizer: sgd, loss: meanSquaredError, epochs: 1 }\nvisualize: { figures: [] }\n',
  );
  rig.write('d.csv', `x,y\n${Array.from({ length: 40 }, (_, i) => `${(i * 3) % 11},${(i * 7) % 5}\n`).join('')}`);
  const { code, stdout } = await rig.run(['run', 'p.yaml', '--smoke', '--tracking-uri', 'runs.old']);
  expect([code, stdout]).toEqual([0, expect.stringContaining('runs.old')]);
});

test.each(['127.0.0.1:5601', 'databricks', 'postgresql://ada:s3cret-word@host/db'])(
  '%j is refused by the doors there are, records nothing, and tells no password',
  async (uri) => {
    const before = readdirSync(rig.folder);
    const doors: readonly (readonly [readonly string[], Record<string, string>])[] = [
      [['run', 'p.yaml', '--tracking-uri', uri], {}],
      [['run', 'p.yaml'], { MLFLOW_TRACKING_URI: uri }],
      [['run', 'p.yaml', '--set', `tracking.uri=${JSON.stringify(uri)}`], {}],
      [['sync', '--to', uri], {}],
      [['sync', '--tracking-uri', uri], {}],
      [['sync'], { MLFLOW_TRACKING_URI: uri }],
      [['replay', 'f'.repeat(32), '--tracking-uri', uri], {}],
      [['replay', 'f'.repeat(32)], { MLFLOW_TRACKING_URI: uri }],
    ];
    // What a door makes of one address, it makes of all.
    for (const [args, env] of uri.includes('@') ? doors : oneIn(8, doors)) {
      const { code, stdout, stderr } = await rig.run(args, env);
      expect([code, stdout, stderr], args.join(' ')).toEqual([
        2,
        '',
        expect.stringMatching(/error [\w-]+: .*\n[^]*help: ./),
      ]);
      expect(stdout + stderr).not.toContain('s3cret');
      if (uri.endsWith(':5601')) expect(stderr, args.join(' ')).toContain('Did you mean `http://127.0.0.1:5601`?');
    }
    expect(readdirSync(rig.folder)).toEqual(before);
  },
);

test.each(['run', 'ui', 'sync', 'status', 'clean'])('`%s --runs` takes no address for a folder', async (command) => {
  const { code, stderr } = await rig.run([
    command,
    ...(['run', 'status'].includes(command) ? ['p.yaml'] : []),
    '--runs',
    'http://ada:s3cret-word@127.0.0.1:5000',
  ]);
  expect([code, stderr]).toEqual([
    2,
    expect.stringMatching(
      /error runs-folder: --runs names a folder, and 'http:\/\/\*\*\*@127\.0\.0\.1:5000' is an address\n {2}help: .*--tracking-uri/,
    ),
  ]);
  expect(existsSync(join(rig.folder, 'http:'))).toBe(false);
});
