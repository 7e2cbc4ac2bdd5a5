import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { json } from '../../src/formats/json/index.ts';
import { hashSecrets, isSecretAmong, keptHeaders, stripSecret } from '../../src/receive/credentials.ts';
import { ManualClock } from '../kit/manual-clock.ts';
import { request } from './bad-inputs.ts';
import { makeSource, runDoor, talk } from './run-door.ts';

const CANARY = 'canary-5f3a91+/=%';

describe('a secret', () => {
  const encoded = encodeURIComponent(CANARY);
  it.each([
    ['in the query', `/in/json?a=1&secret=${encoded}&b=2`, {}],
    ['in the query, with its name encoded', `/in/json?a=1&%73ecret=${encoded}&b=2`, {}],
    ['as a bearer token', '/in/json?a=1&b=2', { authorization: `bearer ${CANARY}` }],
    ['as the password of Basic', '/in/json?a=1&b=2', { authorization: `Basic ${btoa(`u:${CANARY}`)}` }],
    ['beside a wrong one', `/in/json?secret=wrong-one&a=1&b=2`, { authorization: `Bearer ${CANARY}` }],
    ['the second of two, during rotation', '/in/json?a=1&b=2&secret=next-secret', {}],
  ])('opens %s, and is found nowhere behind the door', async (_, to, headers) => {
    await using door = await runDoor([makeSource({ name: 'json', secrets: [CANARY, 'next-secret'] })], {
      formats: [json],
    });
    const telling = { 'x-original-uri': `/in/json?secret=${encoded}`, 'x-copy': `a ${CANARY} b`, cookie: CANARY };
    const answer = await talk(
      door.port,
      request({ to, body: '{}', headers: { ...telling, 'proxy-authorization': `Basic ${CANARY}`, ...headers } }),
    );
    expect(answer).toContain(' 202 ');
    const kept = { ...door.arrivals[0]?.event.request, body: '' };
    expect(kept).toMatchObject({ search: 'a=1&b=2' });
    expect(Object.keys(kept.headers ?? {})).not.toContain('authorization');
    expect(Object.keys(kept.headers ?? {})).not.toContain('cookie');
    const used = to.includes('next-secret') ? 'next-secret' : CANARY;
    expect(JSON.stringify([kept, door.scopes])).not.toContain(used);
    if (used === CANARY) expect(JSON.stringify([kept, door.scopes])).not.toContain(encoded);
  });

  it('is not repeated to a stranger, nor reported', async () => {
    await using door = await runDoor([makeSource({ name: 'json', secrets: [CANARY] })], { formats: [json] });
    const answer = await talk(door.port, request({ to: '/in/json?secret=guess-guess', body: '{}' }));
    expect(answer).not.toContain('guess');
    expect(door.refused).toEqual([{ source: 'json', code: 'SECRET_WRONG', status: 401, address: '127.0.0.1' }]);
  });

  it('may hold a plus sign, sent encoded or bare', () => {
    const hashes = hashSecrets(['a+b']);
    expect(isSecretAmong(hashes, stripSecret('secret=a+b').presented)).toBe(true);
    expect(isSecretAmong(hashes, stripSecret('secret=a%2Bb').presented)).toBe(true);
    expect(isSecretAmong(hashSecrets(['a b']), stripSecret('secret=a+b').presented)).toBe(true);
  });

  it('leaves every other byte of the query as it was', () => {
    const search = 'x=%zz&&=&secret=1&y=a+b&secret&secrets=2&z';
    expect(stripSecret(search)).toEqual({ search: 'x=%zz&&=&y=a+b&secrets=2&z', presented: ['1', ''] });
    expect(stripSecret('a=%73').search).toBe('a=%73');
  });

  it('that is too short to be told from other text masks nothing', () => {
    expect(keptHeaders({ 'content-type': 'application/json' }, ['json'])).toEqual({
      'content-type': 'application/json',
    });
  });
});

describe('a signature', () => {
  const body = '{"amount":1.0}';

  it.each(['first', 'second'])('of Standard Webhooks opens with the %s secret', async (which) => {
    const secrets = ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD'];
    const clock = new ManualClock();
    const verify = { kind: 'standard-webhooks', secrets, toleranceMs: 300_000 } as const;
    await using door = await runDoor([makeSource({ name: 'json', verify })], { formats: [json], clock });
    const signer = new Webhook(secrets[which === 'first' ? 0 : 1] as string);
    const at = new Date(clock.now());
    const headers = {
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(clock.now() / 1000),
      'webhook-signature': `v1,bm90IHRoaXMgb25l ${signer.sign('msg_1', at, body)}`,
    };
    const send = (text: string) => talk(door.port, request({ body: text, headers }));
    expect(await send(body)).toContain(' 202 ');
    expect(await send(body.replace('1.0', '2.0'))).toContain('SIGNATURE_WRONG');
    await clock.advance(300_001);
    expect(await send(body)).toContain('SIGNATURE_STALE');
  });

  it.each([
    ['sha256', 'hex', 'sha256='],
    ['sha1', 'hex', ''],
    ['sha512', 'base64', 'v0='],
  ] as const)('of plain HMAC opens: %s in %s after "%s"', async (algorithm, encoding, prefix) => {
    const verify = { kind: 'hmac', secrets: ['old', 'new'], header: 'x-sign', algorithm, encoding, prefix } as const;
    await using door = await runDoor([makeSource({ name: 'json', verify })], { formats: [json] });
    const sign = (secret: string) => prefix + createHmac(algorithm, secret).update(body).digest(encoding);
    const send = (secret: string) => talk(door.port, request({ body, headers: { 'x-sign': sign(secret) } }));
    expect(await send('new')).toContain(' 202 ');
    expect(await send('old')).toContain(' 202 ');
    expect(await send('other')).toContain('SIGNATURE_WRONG');
  });

  it('of plain HMAC may stand in a header that is not kept', async () => {
    const common = { kind: 'hmac', secrets: ['key'], algorithm: 'sha256', encoding: 'base64' } as const;
    const verify = { ...common, header: 'authorization', prefix: 'HMAC ' } as const;
    await using door = await runDoor([makeSource({ name: 'json', verify })], { formats: [json] });
    const sign = (secret: string) => `HMAC ${createHmac('sha256', secret).update(body).digest('base64')}`;
    const send = (secret: string) => talk(door.port, request({ body, headers: { authorization: sign(secret) } }));
    expect(await send('key')).toContain(' 202 ');
    expect(await send('other')).toContain('SIGNATURE_WRONG');
    expect(JSON.stringify(door.arrivals.map(({ event }) => event.request.headers))).not.toContain('HMAC');
  });
});
