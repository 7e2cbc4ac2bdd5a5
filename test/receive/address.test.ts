import { describe, expect, it } from 'vitest';
import { json } from '../../src/formats/json/index.ts';
import { compileNetworks, isInNetworks } from '../../src/kit/networks.ts';
import { createAddressFinder, plainAddress, type TrustProxy } from '../../src/receive/address.ts';
import { request } from './bad-inputs.ts';
import { makeSource, runDoor, talk } from './run-door.ts';

describe('an address', () => {
  it.each([
    ['10.1.2.3', '10.1.2.3'],
    ['::ffff:10.1.2.3', '10.1.2.3'],
    ['10.1.2.3:5678', '10.1.2.3'],
    ['[2001:db8::1]:443', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['unknown', undefined],
    ['10.1.2', undefined],
    ['', undefined],
  ])('%s is read as %s', (text, address) => {
    expect(plainAddress(text)).toBe(address);
  });

  it.each<[TrustProxy, string, string | undefined, string | undefined]>([
    [false, '10.0.0.1', '1.1.1.1', '10.0.0.1'],
    [0, '10.0.0.1', '1.1.1.1', '10.0.0.1'],
    [1, '10.0.0.1', '1.1.1.1', '1.1.1.1'],
    [1, '10.0.0.1', '6.6.6.6, 1.1.1.1', '1.1.1.1'],
    [2, '10.0.0.1', '6.6.6.6, 1.1.1.1, 10.0.0.2', '1.1.1.1'],
    [2, '10.0.0.1', undefined, '10.0.0.1'],
    [1, '10.0.0.1', '1.1.1.1, nonsense', undefined],
    [['10.0.0.0/8'], '10.0.0.1', '6.6.6.6, 1.1.1.1, 10.9.9.9', '1.1.1.1'],
    [['10.0.0.0/8'], '5.5.5.5', '1.1.1.1', '5.5.5.5'],
    [['10.0.0.0/8'], '::ffff:10.0.0.1', '[2001:db8::1]:99', '2001:db8::1'],
    [['10.0.0.0/8'], '10.0.0.1', '10.0.0.2', '10.0.0.2'],
  ])('with trust_proxy %j, of %s forwarded for %s, is %s', (trust, remote, forwarded, found) => {
    expect(createAddressFinder(trust)(remote, forwarded)).toBe(found);
  });

  it.each([
    ['172.16.5.5', true],
    ['172.32.0.1', false],
    ['192.0.2.7', true],
    ['192.0.2.8', false],
    ['2001:db8:1::9', true],
    ['2001:db9::1', false],
    ['::ffff:ac10:505', true],
  ])('%s is in the networks: %s', (address, isIn) => {
    expect(isInNetworks(compileNetworks(['172.16.0.0/12', '192.0.2.7', '2001:db8::/32']), address)).toBe(isIn);
  });

  it('that is allowed comes in, by the proxy that is trusted and by no other', async () => {
    const sources = [makeSource({ name: 'json', allowFrom: ['203.0.113.0/24'] })];
    const knock = (port: number) =>
      talk(port, request({ body: '{}', headers: { 'x-forwarded-for': '198.51.100.1, 203.0.113.9' } }));
    await using trusting = await runDoor(sources, { formats: [json], trustProxy: ['127.0.0.0/8'] });
    expect(await knock(trusting.port)).toContain(' 202 ');
    await using plain = await runDoor(sources, { formats: [json] });
    expect(await knock(plain.port)).toContain('ADDRESS_REFUSED');
    await using local = await runDoor([makeSource({ name: 'json', allowFrom: ['127.0.0.1'] })], { formats: [json] });
    expect(await knock(local.port)).toContain(' 202 ');
  });
});
