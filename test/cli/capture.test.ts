import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formats } from '../../src/formats/index.ts';
import { systemClock } from '../../src/kit/clock.ts';
import { openStore } from '../../src/stores/open.ts';
import { createHome, type RelayHome, startRelay } from '../flow/relay-process.ts';
import { post } from '../flow/sender.ts';
import { arrival } from '../stores/arrivals.ts';
import { runDragoman } from './run-dragoman.ts';

const RULES = `
params: { media_base: "https://media.example.com" }
sources: { bsr: { format: bsr } }
targets: { legacy-vod: { format: remotemonster, url: "http://127.0.0.1:9/" } }
rules: [ { name: clips, from: bsr, on: clip.generated, translate: clips, to: legacy-vod } ]
`;
const clip = formats.get('bsr')?.events['clip.generated']?.samples[0]?.body ?? '';

let home: RelayHome;
let id: string;
let bracedId: string;
let file: string;
beforeAll(async () => {
  home = createHome(RULES);
  file = join(home.folder, 'mappings/clips.test.yaml');
  const text = readFileSync(join(home.folder, 'mappings/bsr-to-remotemonster.yaml'), 'utf8');
  writeFileSync(join(home.folder, 'mappings/clips.yml'), text);
  await using relay = await startRelay(home);
  ({ id } = JSON.parse((await post(`${relay.serverUrl}/in/bsr`, clip)).body));
  const { payload, ...rest } = JSON.parse(clip);
  const braced = { ...rest, id: 'braced', payload: { ...payload, file: '${data.x} $${y} {{z}}' } };
  ({ id: bracedId } = JSON.parse((await post(`${relay.serverUrl}/in/bsr`, JSON.stringify(braced))).body));
});
afterAll(() => home.remove());

const dragoman = (...args: string[]) =>
  runDragoman([...args, '--config', 'config/relay.yaml'], {
    cwd: home.folder,
    env: { MEDIA: 'https://key:s3cret@m/' },
  });

describe('dragoman capture', () => {
  it('writes a test that passes at once, beside a mapping of either ending', async () => {
    expect(await dragoman('capture', id, '--name', 'a clip')).toEqual({
      code: 0,
      out: 'mappings/clips.test.yaml: "a clip"\n',
      err: '',
    });
    expect((await dragoman('test', 'clips')).out).toBe('✔ clips  1 of 1\n1 passed, 0 failed\n');
  });

  it('writes a text that looks like a ${…} as it came, for nothing in a test is filled in', async () => {
    expect((await dragoman('capture', bracedId, '--name', 'braced')).err).toBe('');
    const text = readFileSync(file, 'utf8');
    expect(text).toContain('file: ${data.x} $${y} {{z}}\n');
    expect(text).toContain('/output/%24%7Bdata.x%7D%20%24%24%7By%7D%20%7B%7Bz%7D%7D\n');
    expect((await dragoman('test', 'clips')).out).toBe('✔ clips  2 of 2\n2 passed, 0 failed\n');
  });

  it('takes an alarm of the relay for what it is', async () => {
    const body = { type: 'alarm.silent', id: 'a-1', time: '2026-01-01T00:00:00Z', alarm: 'quiet', source: 'bsr' };
    const { event, ...rest } = arrival({
      ...{ source: 'dragoman', type: body.type, body: Buffer.from(JSON.stringify(body)) },
      to: [{ mapping: 'alarms', target: 'hook' }],
    });
    {
      await using store = await openStore({ kind: 'sqlite', file: home.database }, { clock: systemClock });
      const request = { ...event.request, search: '' };
      await store.inbox.save({ event: { ...event, format: 'json', request }, ...rest });
    }
    writeFileSync(
      join(home.folder, 'mappings/alarms.yaml'),
      'from: json\nto: json\ntranslate:\n  alarm.silent: { body: { quiet: "${data.source}" } }\n  "*": { drop: no alarm }\n',
    );
    expect((await dragoman('capture', event.id)).err).toBe('');
    expect(readFileSync(join(home.folder, 'mappings/alarms.test.yaml'), 'utf8')).toMatch(/quiet: bsr\n/);
  });

  it('refuses to write the same one again', async () => {
    const before = readFileSync(file, 'utf8');
    expect(await dragoman('capture', id, '--name', 'a clip')).toEqual({
      code: 1,
      out: '',
      err: 'Error: there is a test "a clip" already in mappings/clips.test.yaml  [TEST_EXISTS]\n  Try: --name, for another one\n',
    });
    expect(readFileSync(file, 'utf8')).toBe(before);
  });

  it('says what is wrong with a file that cannot take it, and leaves it as it is', async () => {
    writeFileSync(file, 'tests:\n  - name: mine\n');
    const { code, err } = await dragoman('capture', id);
    expect({ code, err }).toEqual({
      code: 1,
      err: 'Error: mappings/clips.test.yaml cannot take a test: line 1: a test file holds a list of tests  [TEST_SHAPE]\n',
    });
    expect(readFileSync(file, 'utf8')).toBe('tests:\n  - name: mine\n');
  });

  it('writes no secret of the configuration, but a value in its place', async () => {
    writeFileSync(file, '');
    home.configure(RULES.replace('"https://media.example.com"', '"${env:MEDIA}"'));
    expect(await dragoman('capture', id)).toMatchObject({ code: 0, err: '' });
    const written = readFileSync(file, 'utf8');
    expect(written).not.toContain('s3cret');
    expect(written).toContain('media_base: https://media-base.example.com\n');
    expect((await dragoman('test', 'clips')).out).toBe('✔ clips  1 of 1\n1 passed, 0 failed\n');
  });

  it('refuses where a secret stands in the event itself', async () => {
    const before = readFileSync(file, 'utf8');
    home.configure(RULES.replace('{ format: bsr }', '{ format: bsr, secret: "27183290" }'));
    const { code, err } = await dragoman('capture', id, '--name', 'another');
    expect(code).toBe(1);
    expect(err).toMatch(/\[TEST_HOLDS_SECRET\]\n {2}Try: /);
    expect(readFileSync(file, 'utf8')).toBe(before);
  });
});
