import { describe, expect, it } from '@jest/globals';
import { VerbatimConfig } from '#platform';
import { Addresses, isPublicAddress } from './addresses.js';

const addresses = new Addresses(new VerbatimConfig({}));
const open = new Addresses(new VerbatimConfig({ VERBATIM_WEBHOOK_ALLOW_PRIVATE: 'on' }));
const refused = { code: 'invalid_url', param: 'url' };

describe('addresses that webhooks may call', () => {
  it.each([
    ['loopback', '127.0.0.1'],
    ['all of loopback', '127.9.8.7'],
    ['this host', '0.0.0.0'],
    ['private', '10.1.2.3'],
    ['private', '172.16.0.1'],
    ['private', '192.168.1.1'],
    ['link-local, where clouds keep credentials', '169.254.169.254'],
    ['carrier-grade NAT', '100.64.0.1'],
    ['documentation', '192.0.2.1'],
    ['multicast', '224.0.0.1'],
    ['broadcast', '255.255.255.255'],
    ['loopback', '::1'],
    ['unspecified', '::'],
    ['unique local', 'fd00::1'],
    ['link-local', 'fe80::1'],
    ['IPv4 in IPv6', '::ffff:127.0.0.1'],
    ['IPv4 in IPv6', '::ffff:a00:1'],
    ['NAT64', '64:ff9b::7f00:1'],
    ['6to4', '2002:7f00:1::'],
    ['no address', 'example.com'],
  ])('are not %s: %s', (_, address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it.each(['93.184.215.14', '8.8.8.8', '2606:4700::6810:84e5', '::ffff:8.8.8.8'])('are public: %s', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it.each([
    'https://127.0.0.1/hook',
    'https://2130706433/hook',
    'https://0x7f.1/hook',
    'https://0177.0.0.1/hook',
    'https://127.1/hook',
    'https://[::1]/hook',
    'https://[::ffff:10.0.0.1]/hook',
    'https://169.254.169.254/latest/meta-data',
    'https://localhost/hook',
    'https://LOCALHOST./hook',
    'https://api.localhost/hook',
    'https://db.internal/hook',
    'http://93.184.215.14/hook',
    'ftp://93.184.215.14/hook',
    'javascript:alert(1)',
    'https://user:secret@93.184.215.14/hook',
    'hooks.example.com',
    'https://',
  ])('are refused when a webhook is made: %s', async (url) => {
    await expect(addresses.requireCallable(url, 'url')).rejects.toMatchObject(refused);
  });

  it.each(['https://93.184.215.14/hook?tenant=1', 'https://[2606:4700::6810:84e5]:8443/hook'])(
    'are taken: %s',
    async (url) => {
      expect(await addresses.requireCallable(url, 'url')).toBe(url);
    },
  );

  it('are judged again by what a name leads to when it is connected to', async () => {
    await expect(addresses.resolve('localhost')).rejects.toThrow('is no public address');
    await expect(addresses.resolve('10.0.0.1')).rejects.toThrow('10.0.0.1 is no public address');
    expect(await addresses.resolve('93.184.215.14')).toEqual([{ address: '93.184.215.14', family: 4 }]);
  });

  it('may be our own where the operator allows it, also without TLS', async () => {
    expect(await open.requireCallable('http://127.0.0.1:9/hook', 'url')).toBe('http://127.0.0.1:9/hook');
    expect(await open.resolve('127.0.0.1')).toEqual([{ address: '127.0.0.1', family: 4 }]);
    await expect(open.requireCallable('ftp://127.0.0.1/hook', 'url')).rejects.toMatchObject(refused);
  });
});
