import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formats } from '../../src/formats/index.ts';
import { startConsumer } from '../flow/consumer.ts';
import { createHome, type RelayHome, type RelayProcess, startRelay } from '../flow/relay-process.ts';
import { runDragoman } from './run-dragoman.ts';

const SIGNING = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const SOURCES = `
sources:
  bsr: { format: bsr, secret: a-secret-of-bsr }
  signed: { format: json, verify: { kind: standard-webhooks, secret: "${SIGNING}" } }
  both:
    format: json
    secret: a-secret-of-both
    verify: { kind: hmac, secret: a-key-of-both, header: x-signature, algorithm: sha512, encoding: base64, prefix: "v=" }
`;

let home: RelayHome;
let relay: RelayProcess;
beforeAll(async () => {
  home = createHome(SOURCES);
  relay = await startRelay(home);
});
afterAll(async () => {
  await relay[Symbol.asyncDispose]();
  home.remove();
});

const dragoman = (...args: string[]) => runDragoman([...args, '--config', home.config], { cwd: home.folder });
const sendTo = (path: string, sample: string, ...more: string[]) =>
  dragoman('send', sample, '--to', `${relay.serverUrl}${path}`, ...more);

describe('dragoman send', () => {
  it.each([
    ['its secret', '/in/bsr', 'bsr/record.ended'],
    ['a signature of Standard Webhooks', '/in/signed', 'json/request'],
    ['both, a secret and an HMAC', '/in/both', 'json/request'],
  ])('shows a source %s', async (_, path, sample) => {
    const { code, out, err } = await sendTo(path, sample);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/ {2}20\d {2}\{/);
  });

  it('is let in by the first source of a format without --to, too', async () => {
    using own = createHome('');
    const signed = SOURCES.split('\n').filter((line) => !line.includes('bsr'));
    writeFileSync(
      own.config,
      `server: { host: 127.0.0.1, port: ${new URL(relay.serverUrl).port} }\n${signed.join('\n')}`,
    );
    const { code, out } = await runDragoman(['send', 'json/request', '--config', own.config], { cwd: own.folder });
    expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining('/in/signed  20') });
  });

  it('shows nothing where the URL brings a secret of its own, or is of no source', async () => {
    expect((await sendTo('/in/bsr?secret=wrong', 'bsr/record.ended')).out).toContain('  401  ');
    await using consumer = await startConsumer();
    await dragoman('send', 'bsr/record.ended', '--to', `${consumer.url}/hook`);
    expect(consumer.received[0]?.headers).not.toHaveProperty('authorization');
  });

  it.each([
    ['/in/bsr', 'bsr/live.ended'],
    ['/in/signed', 'json/request'],
  ])('makes a new event for %s with --fresh', async (path, sample) => {
    for (const _ of [1, 2]) expect((await sendTo(path, sample, '--fresh')).out).not.toContain('duplicate');
  });

  it('says of a repeat what makes a new one', async () => {
    await sendTo('/in/bsr', 'bsr/clip.generated');
    const { code, out, err } = await sendTo('/in/bsr', 'bsr/clip.generated');
    expect({ code, err }).toEqual({ code: 0, err: expect.stringMatching(/\n {2}Try: --fresh, /) });
    expect(out).toContain('"duplicate":true');
    expect(await sendTo('/in/bsr', 'bsr/clip.generated', '--fresh')).toMatchObject({ code: 0, err: '' });
  });

  it('prints a payload that explain reads, and sends nothing', async () => {
    const { code, out } = await dragoman('send', 'bsr/clip.generated', '--print');
    expect({ code, out }).toEqual({
      code: 0,
      out: `${formats.get('bsr')?.events['clip.generated']?.samples[0]?.body}\n`,
    });
    writeFileSync(join(home.folder, 'payload.json'), out);
    expect((await dragoman('explain', '--source', 'bsr', 'payload.json')).out).toContain('clip.generated  from bsr');
    const { out: query } = await dragoman('send', 'remotemonster/channel.create', '--print');
    expect(query).toBe('action=create&chid=1581324488053_Dc5aQ\n');
  });
});
