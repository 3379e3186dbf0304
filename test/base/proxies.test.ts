import { expect, test } from 'vitest';
import { proxyFor } from '../../src/base/proxies.ts';

const env = { HTTPS_PROXY: 'http://secure:1', HTTP_PROXY: 'http://plain:2' };
const variable = (address: string, more: Record<string, string>) => proxyFor(new URL(address), more)?.variable;

test.each([
  ['https://a.example', env, 'HTTPS_PROXY'],
  ['http://a.example', env, 'HTTP_PROXY'],
  ['https://a.example', { HTTP_PROXY: 'http://plain:2' }, undefined],
  ['https://a.example', { HTTP_PROXY: 'http://plain:2', all_proxy: 'all:3' }, 'all_proxy'],
  ['https://a.example', { ...env, https_proxy: 'http://small:4' }, 'https_proxy'],
  ['https://a.example', { HTTPS_PROXY: '' }, undefined],
  ['http://localhost:5000', env, 'HTTP_PROXY'],
])('%s with %j goes by %s', (address, given, expected) => {
  expect(variable(address, given)).toBe(expected);
});

test.each([
  ['https://a.example', '*'],
  ['https://a.example', 'b.example, A.example'],
  ['https://deep.a.example', 'a.example'],
  ['https://deep.a.example', '.a.example'],
  ['https://deep.a.example', '*.a.example'],
  ['https://a.example', '.a.example b.example'],
  ['https://a.example', 'a.example:443'],
  ['http://a.example:5000', 'a.example:5000'],
  ['http://10.1.2.3', '10.0.0.0/8'],
  ['http://10.1.2.3:5000', '10.1.2.3'],
  ['http://[::1]:5000', '::1'],
  ['http://[::1]:5000', '[::1]:5000'],
  ['http://[fd00::12]', 'fd00::/8'],
])('%s is excepted by NO_PROXY=%s', (address, exceptions) => {
  expect(variable(address, { ...env, NO_PROXY: exceptions })).toBeUndefined();
  expect(variable(address, { ...env, NO_PROXY: 'nothing', no_proxy: exceptions })).toBeUndefined();
});

test.each([
  ['https://a.example', 'b.example'],
  ['https://bad-a.example', 'a.example'],
  ['https://a.example', 'a.example:80'],
  ['https://a.example', ' , '],
  ['http://11.1.2.3', '10.0.0.0/8'],
  ['http://10.1.2.3', '10.0.0.0/8/8 10.0.0.0/99 10.0.0.0/x'],
  ['http://[fe00::12]', 'fd00::/8'],
  ['http://10.1.2.3', '2.3'],
])('%s is not excepted by NO_PROXY=%s', (address, exceptions) => {
  expect(variable(address, { ...env, NO_PROXY: exceptions })).toBeDefined();
});

test.each(['socks5://u:s3cret@host:1', 'http://', '://x'])(
  '%s is no proxy, and that is said without its password',
  (address) => {
    expect(() => proxyFor(new URL('https://a.example'), { HTTPS_PROXY: address })).toThrow(
      /^HTTPS_PROXY names '(?!.*s3cret).*', which is no http proxy$/,
    );
  },
);
