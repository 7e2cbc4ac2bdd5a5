import { describe, expect, it } from 'vitest';
import { bsr } from '../../src/formats/bsr/index.ts';
import { makeSource, runDoor, talk } from './run-door.ts';

const sample = Object.values(bsr.events)[0]?.samples[0]?.body ?? '';
const json = { 'content-type': 'application/json' };
const source = makeSource({ name: 'bsr', format: 'bsr' });

describe('the door', () => {
  it('answers 202 with the id of the stored event', async () => {
    await using door = await runDoor([source], { formats: [bsr] });
    const response = await fetch(`${door.url}/in/bsr`, { method: 'POST', body: sample, headers: json });
    expect(response.status).toBe(202);
    expect(await response.json()).toEqual({ id: door.arrivals[0]?.event.id, status: 'accepted' });
    expect(new TextDecoder().decode(door.arrivals[0]?.event.request.body)).toBe(sample);
    expect(door.happened).toEqual(['accepted', 'answered bsr']);
  });

  it('answers a repeat with the id of the first event', async () => {
    await using door = await runDoor([source], { formats: [bsr] });
    const post = () => fetch(`${door.url}/in/bsr/`, { method: 'POST', body: sample, headers: json });
    const first = (await (await post()).json()) as { id: string };
    const second = await post();
    expect(second.status).toBe(202);
    expect(await second.json()).toEqual({ id: first.id, status: 'accepted', duplicate: true });
    expect(door.arrivals).toHaveLength(1);
  });

  it('reads chunked and compressed bodies through koa-bodyparser to the same bytes', async () => {
    await using door = await runDoor([source], { formats: [bsr] });
    const { gzipSync } = await import('node:zlib');
    const response = await fetch(`${door.url}/in/bsr`, {
      method: 'POST',
      body: gzipSync(sample),
      headers: { ...json, 'content-encoding': 'gzip' },
    });
    expect(response.status).toBe(202);
    expect(new TextDecoder().decode(door.arrivals[0]?.event.request.body)).toBe(sample);
  });

  it('answers a body past the limit at once and without a reset', async () => {
    await using door = await runDoor([source], { formats: [bsr] });
    const head =
      'POST /in/bsr HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n';
    const chunk = `${(2 ** 20).toString(16)}\r\n${'x'.repeat(2 ** 20)}\r\n`;
    const answer = await talk(door.port, head, chunk, chunk, chunk, chunk);
    expect(answer).toContain('HTTP/1.1 413');
    expect(answer).toContain('BODY_TOO_LARGE');
  });
});
