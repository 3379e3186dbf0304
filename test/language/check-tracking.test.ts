import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { diagnosticToJson } from '../../src/base/print-diagnostics.ts';
import { checkSource } from '../../src/plan/check-pipeline.ts';
import { MlflowConnection } from '../../src/tracking/server/mlflow-connection.ts';
import { addressMisfit, addressPattern, serverAddress } from '../../src/tracking/server/server-address.ts';
import { Rig } from '../rig.ts';
import { draws } from '../draws.ts';

const rig = new Rig();
afterAll(() => rig.remove());

const head = `name: digits
data: { source: mnist }
model: { layers: [flatten, dense 10] }
train: { optimizer: adam, loss: softmaxCrossEntropy, epochs: 3 }
`;
const pipeline = (uri: string) =>
  `${head}tracking:\n  uri: ${stringify(uri, { lineWidth: 0, defaultStringType: 'QUOTE_DOUBLE' })}`;
const published = new Ajv({ strict: false }).compile(
  (
    JSON.parse(readFileSync(new URL('../../schemas/pipeline.schema.json', import.meta.url), 'utf8')) as {
      properties: { tracking: { properties: { uri: object } } };
    }
  ).properties.tracking.properties.uri,
);

/** Address -> what is said of it. */
const wrong: Readonly<Record<string, RegExp>> = {
  'localhost:5000': /does not begin with http:\/\/ or https:\/\//,
  'http:host': /does not begin with/,
  'http:/host': /does not begin with/,
  'ftp://host': /does not begin with/,
  'http://': /names no host/,
  'http:///host': /names no host/,
  'http://:80': /names no host/,
  'http://ada@': /names no host/,
  'http://?q': /names no host/,
  'http://[::1': /in brackets is no IPv6 address/,
  'http://[::1]]': /port is not a number/,
  'http://[::1%eth0]/': /in brackets is no IPv6 address/,
  'http://[host]': /in brackets is no IPv6 address/,
  'http://::1/': /names no host/,
  'http://a b/': /host is neither a name nor an IP address/,
  'http://a<b': /host is neither/,
  'http://1.2.3.4.5': /host is neither/,
  'http://256.1.1.1:5000': /host is neither/,
  'http://a%00b/': /host is neither/,
  'http://host\\x': /holds a backslash/,
  'http://elsewhere\\@host': /holds a backslash/,
  'http://host:99999': /port is not a number from 1 to 65535/,
  'http://host:65536/ml': /port is not a number/,
  'http://host:0': /port is not a number/,
  'http://host:5000x': /port is not a number/,
  'http://host:50 00': /port is not a number/,
  'http://host:-1': /port is not a number/,
  ' http://host': /does not begin with/,
  'http://host ': /a space before or after it/,
  'http://ho\nst': /a control character/,
  'http://host/\u0007': /a control character/,
  'http://host/a\tb': /a control character/,
};

const right = [
  'http://host',
  'https://host/',
  'HTTP://Host',
  'http://127.0.0.1:5000',
  'http://[::1]:5000/ml',
  'http://host:80',
  'http://host:',
  'http://host:65535/a/b/',
  'http://ada:a password@host',
  'http://a@b:c@host/x',
  'http://münchen.example',
  'http://a_b/',
  'http://host/a b',
  'http://host:5000/#/experiments/1',
  'http://host/?a=b',
  'http://host/@x',
  'https://token@host',
];

describe('the address of a server', () => {
  test.each(Object.entries(wrong))('%j is refused at its place, and by an editor', (uri, why) => {
    const [found, ...more] = checkSource({ name: 'p.yaml', text: pipeline(uri) }).diagnostics.map(diagnosticToJson);
    expect(more).toEqual([]);
    expect(found).toMatchObject({
      code: 'tracking-uri',
      severity: 'error',
      line: 6,
      column: 8,
      endLine: 6,
      message: expect.stringMatching(why),
      hint: expect.stringMatching(/./),
    });
    expect(published(uri) && !/::|1\.2\.3\.4\.5|256|%00/.test(uri)).toBe(false);
  });

  test.each(right)('%j is taken', (uri) => {
    expect(checkSource({ name: 'p.yaml', text: pipeline(uri) }).diagnostics).toEqual([]);
    expect(published(uri)).toBe(true);
  });

  test('what is taken, the connection takes, at the host that the text names', () => {
    const mark = fc.constantFrom(
      'http://',
      'https://',
      '/',
      '\\',
      ':',
      '@',
      '[',
      ']',
      '?',
      '#',
      '%',
      ' ',
      '.',
      '80',
      '99999',
      '::1',
      '127.0.0.1',
      '\n',
      '%41',
      'xn--',
      'é',
      'ﬀ',
      '\ufeff',
      '\u3000',
    );
    const text = fc
      .array(fc.oneof(mark, fc.string({ unit: 'binary', maxLength: 3 }), fc.string({ maxLength: 6 })), { maxLength: 7 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(
        fc.oneof(
          text,
          text.map((rest) => `http://${rest}`),
          fc.webUrl({ withFragments: true, withQueryParameters: true }),
        ),
        (uri) => {
          if (addressMisfit(uri) !== undefined) return;
          expect(new RegExp(addressPattern, 'u').test(uri)).toBe(true);
          const url = new URL(uri);
          const { address } = new MlflowConnection(serverAddress(uri, true), {});
          const target = new URL(`${address}/api`);
          expect([target.protocol, target.host]).toEqual([url.protocol, url.host]);
          if (url.protocol === 'http:')
            request(target, { lookup: (_name, _options, done) => done(new Error('not looked up'), '') })
              .on('error', () => undefined)
              .destroy();
        },
      ),
      { numRuns: draws(20_000) },
    );
  });

  test('no password of an address is told, whatever is wrong with it', async () => {
    const uris = [
      'http://ada:s3cret-word@host:99999',
      'http://ada:s3cret-word@[::1',
      'http://ada:s3cret/word@host',
      'http://ada:s3cret-word\\@host',
      'ada:s3cret-word@host',
      'http:/ada:s3cret-word@host',
      'http:ada:s3cret-word@host',
      ' http://ada:s3cret-word@host',
      'http://ada:s3cret\nword@host',
      `http://ada:${'s3cret'.repeat(100)}@host:x`,
    ];
    for (const [index, uri] of uris.entries()) rig.write(`p${index}.yaml`, pipeline(uri));
    const { code, stdout, stderr } = await rig.run(['validate', ...uris.map((_, index) => `p${index}.yaml`)]);
    expect(code).toBe(2);
    expect(stderr.match(/^p\d\.yaml:.*error tracking-uri/gm)).toHaveLength(uris.length);
    expect(stdout + stderr).not.toContain('s3cret');
  });

  test.each(['http://ada:s3cret-word@host:99999', 'http:/ada:s3cret-word@host'])(
    'the password of %j is not told, wherever it comes from',
    async (uri) => {
      rig.write('plain.yaml', head);
      const ends = [
        await rig.run(['validate', 'plain.yaml', '--json', '--set', `tracking.uri=${JSON.stringify(uri)}`]),
        await rig.run(['run', 'plain.yaml'], { MLFLOW_TRACKING_URI: uri }),
        await rig.run(['replay', 'f'.repeat(32), '--tracking-uri', uri]),
      ];
      expect(ends.map(({ code }) => code)).toEqual([2, 2, 2]);
      for (const { stdout, stderr } of ends) expect(stdout + stderr).not.toContain('s3cret');
    },
  );

  test.each(['http://host:99999', '127.0.0.1:5000'])(
    '%j of a flag or a variable ends the command with what is wrong, and records nothing',
    async (uri) => {
      rig.write('plain.yaml', head);
      const said = /error tracking-uri: '.*' is not the address of a server: .*\n {2}help: ./;
      for (const [args, env] of [
        [['run', 'plain.yaml', '--tracking-uri', uri], {}],
        [['run', 'plain.yaml'], { MLFLOW_TRACKING_URI: uri }],
        [['sync', '--to', uri], {}],
        [['sync'], { MLFLOW_TRACKING_URI: uri }],
        [['replay', 'f'.repeat(32), '--tracking-uri', uri], {}],
      ] as const) {
        const { code, stdout, stderr } = await rig.run(args, env);
        expect([code, stdout, stderr], args.join(' ')).toEqual([
          2,
          expect.not.stringContaining('epoch'),
          expect.stringMatching(said),
        ]);
      }
    },
  );
});
