import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AddressRule, checkUrl, isForbidden } from '../../src/deliver/address-guard.ts';

const subscriber: AddressRule = { trust: 'subscriber', allowPrivate: [] };
const configured: AddressRule = { trust: 'configured', allowPrivate: [] };
const inTheOffice: AddressRule = { trust: 'subscriber', allowPrivate: ['10.1.0.0/16', 'fd12::/16', '169.254.0.0/16'] };

describe('isForbidden', () => {
  it.each([
    // address, for a subscriber, for a configured target
    ['93.184.216.34', false, false],
    ['8.8.8.8', false, false],
    ['2606:2800:220:1::1', false, false],
    ['172.15.255.255', false, false],
    ['172.32.0.0', false, false],
    ['100.63.255.255', false, false],
    ['0.0.0.0', true, false],
    ['10.0.0.1', true, false],
    ['10.255.255.255', true, false],
    ['100.64.0.1', true, false],
    ['127.0.0.1', true, false],
    ['127.255.255.254', true, false],
    ['169.254.1.1', true, false],
    ['172.16.0.1', true, false],
    ['172.31.255.255', true, false],
    ['192.0.0.1', true, false],
    ['192.168.1.1', true, false],
    ['198.18.0.1', true, false],
    ['203.0.113.9', true, false],
    ['224.0.0.1', true, false],
    ['240.0.0.1', true, false],
    ['255.255.255.255', true, false],
    ['::', true, false],
    ['::1', true, false],
    ['0:0:0:0:0:0:0:1', true, false],
    ['[::1]', true, false],
    ['fe80::1', true, false],
    ['fe80::1%eth0', true, false],
    ['fc00::1', true, false],
    ['fdff::1', true, false],
    ['ff02::1', true, false],
    ['2001:db8::1', true, false],
    ['2001:0:53aa:64c::1', true, false],
    // IPv4 in other spellings
    ['2130706433', true, false],
    ['0x7f000001', true, false],
    ['0x7f.0.0.1', true, false],
    ['0177.0.0.1', true, false],
    ['017700000001', true, false],
    ['127.1', true, false],
    ['127.0.1', true, false],
    ['10.1', true, false],
    ['134744072', false, false],
    // IPv4 inside IPv6
    ['::ffff:127.0.0.1', true, false],
    ['::ffff:7f00:1', true, false],
    ['::FFFF:10.0.0.1', true, false],
    ['0:0:0:0:0:ffff:c0a8:101', true, false],
    ['::127.0.0.1', true, false],
    ['::a00:1', true, false],
    ['::ffff:0:127.0.0.1', true, false],
    ['64:ff9b::10.0.0.1', true, false],
    ['64:ff9b::a9fe:101', true, false],
    ['64:ff9b:1::1', true, false],
    ['2002:7f00:1::1', true, false],
    ['2002:c0a8:101::', true, false],
    ['::ffff:8.8.8.8', false, false],
    ['64:ff9b::8.8.8.8', false, false],
    ['2002:808:808::1', false, false],
    // cloud metadata, for nobody
    ['169.254.169.254', true, true],
    ['169.254.170.2', true, true],
    ['100.100.100.200', true, true],
    ['168.63.129.16', true, true],
    ['fd00:ec2::254', true, true],
    ['fd00:0ec2:0:0::0254', true, true],
    ['2852039166', true, true],
    ['0xa9fea9fe', true, true],
    ['0251.0376.0251.0376', true, true],
    ['::ffff:169.254.169.254', true, true],
    ['::169.254.169.254', true, true],
    ['64:ff9b::169.254.169.254', true, true],
    ['2002:a9fe:a9fe::', true, true],
    // no address at all
    ['', true, true],
    ['localhost', true, true],
    ['example.com', true, true],
    ['1.2.3.4.5', true, true],
    ['1:2', true, true],
  ])('%s: subscriber %s, configured %s', (address, forSubscriber, forConfigured) => {
    expect(isForbidden(address, subscriber)).toBe(forSubscriber);
    expect(isForbidden(address, configured)).toBe(forConfigured);
  });

  it.each([
    ['10.1.2.3', false],
    ['::ffff:10.1.2.3', false],
    ['10.2.0.1', true],
    ['fd12::1', false],
    ['fd13::1', true],
    ['169.254.1.1', false],
    ['169.254.169.254', true],
  ])('%s, where a few private networks are allowed: %s', (address, forbidden) => {
    expect(isForbidden(address, inTheOffice)).toBe(forbidden);
  });

  it('knows a private IPv4 address in whatever way it is written', () => {
    const octet = fc.integer({ min: 0, max: 255 });
    const privateIpv4 = fc.oneof(
      fc.tuple(fc.constantFrom(10, 127, 0, 240), octet, octet, octet),
      fc.tuple(fc.constant(192), fc.constant(168), octet, octet),
      fc.tuple(fc.constant(172), fc.integer({ min: 16, max: 31 }), octet, octet),
    );
    fc.assert(
      fc.property(privateIpv4, (bytes) => {
        const [a, b, c, d] = bytes as [number, number, number, number];
        const word = a * 2 ** 24 + b * 2 ** 16 + c * 256 + d;
        const hex = `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
        const spellings = [
          bytes.join('.'),
          String(word),
          `0x${word.toString(16)}`,
          `0${word.toString(8)}`,
          `${a}.${b}.${c * 256 + d}`,
          `${a}.${b * 65_536 + c * 256 + d}`,
          bytes.map((byte) => `0${byte.toString(8)}`).join('.'),
          `::ffff:${bytes.join('.')}`,
          `::ffff:${hex}`,
          `64:ff9b::${hex}`,
          `2002:${hex}::5`,
        ];
        expect(spellings.filter((spelling) => !isForbidden(spelling, subscriber))).toEqual([]);
      }),
    );
  });
});

describe('checkUrl', () => {
  const names: Readonly<Record<string, readonly string[]>> = {
    'public.test': ['93.184.216.34'],
    'inside.test': ['10.0.0.1'],
    'both.test': ['93.184.216.34', '127.0.0.1'],
    'empty.test': [],
  };
  const lookup = async (name: string) => {
    const found = names[name];
    if (!found) throw Object.assign(new Error('no such name'), { code: 'ENOTFOUND' });
    return found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  };

  it.each([
    ['https://public.test/hook', 'allowed'],
    ['https://93.184.216.34/hook', 'allowed'],
    ['https://inside.test/hook', 'forbidden'],
    ['https://both.test/hook', 'forbidden'],
    ['http://127.0.0.1/', 'forbidden'],
    ['http://2130706433/', 'forbidden'],
    ['http://0x7f.1/', 'forbidden'],
    ['http://127.0.0.1./', 'forbidden'],
    ['http://[::1]/', 'forbidden'],
    ['http://[::ffff:169.254.169.254]/', 'forbidden'],
    ['http://user:password@127.0.0.1/', 'forbidden'],
    ['https://nowhere.test/', 'unresolvable'],
    ['https://empty.test/', 'unresolvable'],
    ['ftp://public.test/', 'invalid'],
    ['file:///etc/passwd', 'invalid'],
    ['//public.test/', 'invalid'],
    ['no url', 'invalid'],
    ['', 'invalid'],
  ])('%s: %s', async (url, kind) => {
    expect((await checkUrl(url, subscriber, lookup)).kind).toBe(kind);
  });

  it('lets an operator point at the private network', async () => {
    expect((await checkUrl('http://inside.test/', configured, lookup)).kind).toBe('allowed');
  });
});
