import { afterEach, expect, test, vi } from 'vitest';
import { printDiagnostics } from '../../src/base/print-diagnostics.ts';
import { hideSecrets } from '../../src/base/secrets.ts';

afterEach(() => vi.unstubAllEnvs());

test.each([
  ['uri: http://ada:s3cret@host:5000/ml', 'uri: http://***@host:5000/ml'],
  ['https://s3cret@host', 'https://***@host'],
  ['postgresql+psycopg2://ada:p@ss@host/db', 'postgresql+psycopg2://***@host/db'],
  ['\'http://a:s3cret@x\' and "http://b:s3cret@y"', '\'http://***@x\' and "http://***@y"'],
  [
    'https://host/data.csv?version=3&access_token=s3cret&x=1#top',
    'https://host/data.csv?version=3&access_token=***&x=1#top',
  ],
  ['https://host/f?a=1?token=s3cret', 'https://host/f?a=1?token=***'],
  [
    'https://host/f?X-Amz-Signature=s3cret&X-Amz-Credential=s3cret',
    'https://host/f?X-Amz-Signature=***&X-Amz-Credential=***',
  ],
])('%s', (text, shown) => {
  expect(hideSecrets(text)).toBe(shown);
});

test.each([
  'http://127.0.0.1:5000/#/experiments/1',
  'mail ada@example.org',
  'git@github.com:a/b.git',
  'a: b@c',
  'see https://host/a@b?page=2&size=1',
])('%s stays', (text) => {
  expect(hideSecrets(text)).toBe(text);
});

test('what the environment keeps secret is hidden wherever it turns up', () => {
  vi.stubEnv('MLFLOW_TRACKING_TOKEN', 'abcdef-token');
  vi.stubEnv('MLFLOW_TRACKING_PASSWORD', 'a');
  expect(hideSecrets('Bearer abcdef-token is a token')).toBe('Bearer *** is a token');
});

test('a line that is shown with a mistake has no secret either', () => {
  const text = 'tracking: { urii: "http://ada:s3cret@host" }';
  const shown = printDiagnostics(
    [
      {
        code: 'unknown-key',
        severity: 'error',
        message: text,
        hint: text,
        range: { source: { name: 'x.yaml', text }, start: 12, end: 16 },
      },
    ],
    { color: false, cwd: '/' },
  );
  expect(shown).not.toContain('s3cret');
  expect(shown.match(/\*\*\*@host/g)).toHaveLength(3);
});
