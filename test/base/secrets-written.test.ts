import fc from 'fast-check';
import { afterEach, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import { hideSecrets, hideSecretsIn, rememberSecrets } from '../../src/base/secrets.ts';
import { renderReport } from '../../src/charts/report.ts';
import { hideInFile } from '../../src/language/syntax/hide-in-file.ts';
import { visualize } from '../../src/stages/visualize.ts';
import { mnistExample } from '../charts/mnist-example.ts';
import { reportOf } from '../charts/report-example.ts';

afterEach(() => vi.unstubAllEnvs());

const printable = fc.oneof(
  fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' }),
  fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme-ascii' }),
  fc.stringMatching(/^["'\\<>&%@: ,{}[\]#!|*é]{1,12}$/),
);
/** An address that the URL parser takes for one with this password, written as it is or percent-encoded. */
const addressOf = fc
  .tuple(printable, fc.boolean())
  .map(
    ([password, encoded]) =>
      `http://ada:${encoded ? encodeURIComponent(Buffer.from(password).toString()) : password}@host.example/ml`,
  )
  .filter(
    (uri) =>
      !/[\n\r\t]/.test(uri) &&
      URL.canParse(uri) &&
      new URL(uri).host === 'host.example' &&
      new URL(uri).password !== '',
  );
const hidden = 'http://***@host.example/ml';
/** Long enough to be looked for in any text. */
const secret = printable
  .map((text) => `${text}-s3cret`)
  .filter((text) => text === text.trim() && Buffer.from(text).toString() === text);

const unescape = (html: string) =>
  html.replace(
    /&(amp|lt|gt|quot|#39);/g,
    (_, name: string) => ({ amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" })[name]!,
  );
const decode = (text: string) =>
  text.replace(/(?:%[0-9A-F]{2})+/gi, (bytes) => Buffer.from(bytes.replaceAll('%', ''), 'hex').toString());

test('an address loses its password, whatever it is, before it is encoded', () => {
  fc.assert(
    fc.property(addressOf, (uri) => {
      expect(hideSecrets(uri)).toBe(hidden);
      expect(hideSecretsIn({ tracking: [{ uri, seed: 7 }] })).toEqual({ tracking: [{ uri: hidden, seed: 7 }] });
    }),
  );
});

test('a file as its user wrote it loses it too, however it is quoted there, and nothing else', () => {
  const escaped = (text: string) =>
    `"${[...text].map((c) => `\\U${c.codePointAt(0)!.toString(16).padStart(8, '0')}`).join('')}"`;
  const styles: readonly ((text: string) => string)[] = [
    JSON.stringify,
    (text) => `'${text.replaceAll("'", "''")}'`,
    escaped,
    (text) => `>-\n    ${text}`,
  ];
  fc.assert(
    fc.property(addressOf, fc.constantFrom(...styles), (uri, style) => {
      const text =
        `name: x # of ada@example.org\ntracking:\n  uri: ${style(uri)}\n` +
        'mail: [ada@example.org, "https://host/a@b"]\n';
      fc.pre((parse(text) as { tracking: { uri: string } }).tracking.uri === uri);
      expect(parse(hideInFile(text))).toEqual({
        name: 'x',
        tracking: { uri: hidden },
        mail: ['ada@example.org', 'https://host/a@b'],
      });
    }),
  );
});

test('what the environment keeps secret is found in every spelling', () => {
  fc.assert(
    fc.property(secret, (password) => {
      vi.stubEnv('MLFLOW_TRACKING_USERNAME', 'ada');
      vi.stubEnv('MLFLOW_TRACKING_PASSWORD', password);
      const html = password.replace(
        /[&<>"']/g,
        (mark) => `&${{ '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": '#39' }[mark]};`,
      );
      const basic = Buffer.from(`ada:${password}`).toString('base64');
      for (const text of [
        password,
        encodeURIComponent(password),
        JSON.stringify(password),
        html,
        basic,
        `'${password.replaceAll("'", "''")}'`,
      ]) {
        const shown = hideSecrets(`before ${text} after`);
        expect(shown).toMatch(/^before ["']?\*\*\*["']? after$/);
        for (const read of [shown, unescape(shown), decode(shown)]) expect(read).not.toContain(password);
      }
      expect(JSON.stringify(hideSecretsIn({ [password]: [`a ${password}`] }))).toBe('{"***":["a ***"]}');
    }),
  );
});

test('a password of an address that was read is found in messages of others', () => {
  fc.assert(
    fc.property(
      secret.filter((text) => !/[/?#\\@:]/.test(text)),
      (password) => {
        const uri = `http://ada:${password}@host.example`;
        fc.pre(URL.canParse(uri));
        rememberSecrets({ deep: [{ uri }] });
        for (const text of [password, new URL(uri).password, JSON.stringify(password)])
          expect(hideSecrets(`it says ${text} is wrong`)).toMatch(/^it says "?\*\*\*"? is wrong$/);
      },
    ),
  );
});

test('figures and report have it neither as text nor as markup', async () => {
  const password = `p"w\\d'<&>%é s3cret`;
  vi.stubEnv('MLFLOW_TRACKING_PASSWORD', password);
  const example = mnistExample();
  const [output] = example.evaluation.outputs;
  const chartInput = {
    ...example,
    evaluation: { ...example.evaluation, outputs: [{ ...output!, classes: [password, ...'123456789'] }] },
  } as typeof example;
  const { figures } = await visualize({ chartInput, figures: ['confusionMatrix'] });
  expect(figures.map(({ svg }) => unescape(svg)).join()).not.toMatch(/s3cret/);
  expect(figures[0]!.svg).toContain('***');
  const html = renderReport(hideSecretsIn(await reportOf(hideSecretsIn(chartInput))));
  expect(html).not.toContain('s3cret');
});

test.each([
  [
    'AWS',
    'https://b.s3.amazonaws.com/k?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=s3cret' +
      '&X-Amz-Security-Token=s3cret&X-Amz-Signature=s3cret&X-Amz-Expires=60',
  ],
  ['AWS, older', 'https://b.s3.amazonaws.com/k?AWSAccessKeyId=s3cret&Signature=s3cret&Expires=60'],
  ['CloudFront', 'https://d.cloudfront.net/k?Expires=60&Signature=s3cret&Key-Pair-Id=s3cret'],
  ['Google', 'https://storage.googleapis.com/b/k?X-Goog-Credential=s3cret&X-Goog-Signature=s3cret&X-Goog-Expires=60'],
  ['Azure', 'https://a.blob.core.windows.net/c/k?sv=2024-01-01&se=2026&sr=b&sp=r&sig=s3cret%2Bs3cret%3D'],
  ['GitHub', 'https://raw.githubusercontent.com/a/b/main/f?token=s3cret'],
  [
    'GitHub, a release',
    'https://release-assets.githubusercontent.com/x?sp=r&sig=s3cret&jwt=s3cret&response-content-type=text',
  ],
  ['quotes', `https://host/f?token=s3cret"s3cret's3cret`],
])('a pre-signed address of %s says who, not with what', (_, address) => {
  expect(hideSecrets(address)).not.toContain('s3cret');
  expect(new URL(hideSecrets(address)).host).toBe(new URL(address).host);
});
