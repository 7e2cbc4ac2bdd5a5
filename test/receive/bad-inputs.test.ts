import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bsr } from '../../src/formats/bsr/index.ts';
import { json } from '../../src/formats/json/index.ts';
import { remotemonster } from '../../src/formats/remotemonster/index.ts';
import { sigma } from '../../src/formats/sigma/index.ts';
import { streamrec } from '../../src/formats/streamrec/index.ts';
import { BAD_INPUTS, SOURCES } from './bad-inputs.ts';
import { makeSource, type RunningDoor, runDoor, talk } from './run-door.ts';

// an empty line before a request is allowed, and makes it one for Node's parser
describe.each([
  ['as they stand', ''],
  ["through Node's parser", '\r\n'],
])('bad inputs, %s', (_, before) => {
  let door: RunningDoor;
  beforeAll(async () => {
    door = await runDoor(SOURCES.map(makeSource), { formats: [bsr, json, remotemonster, sigma, streamrec] });
  });
  afterAll(() => door[Symbol.asyncDispose]());

  it('are at least eighty, each with a name of its own', () => {
    expect(new Set(BAD_INPUTS.map(({ name }) => name)).size).toBe(BAD_INPUTS.length);
    expect(BAD_INPUTS.length).toBeGreaterThanOrEqual(80);
  });

  it.each(BAD_INPUTS)('$name: $status $code', async ({ bytes, status, code, also }) => {
    const stored = door.arrivals.length;
    const answer = await talk(door.port, before, ...bytes);
    expect(answer.slice(0, 12)).toBe(`HTTP/1.1 ${status}`);
    const body = answer.slice(answer.indexOf('\r\n\r\n') + 4);
    expect(body === '' ? '' : JSON.parse(body).error.code).toBe(code);
    if (also !== undefined) expect(answer).toContain(also);
    expect(answer).not.toMatch(/sesame|\.ts:\d|node_modules/);
    expect(door.arrivals).toHaveLength(stored);
  });

  it('leave the door open for good ones', async () => {
    const response = await fetch(`${door.url}/in/json`, {
      method: 'POST',
      body: '{"a":1}',
      headers: { 'content-type': 'application/json' },
    });
    expect(response.status).toBe(202);
    expect(door.defects).toEqual([]);
    expect(door.refused.length).toBeGreaterThanOrEqual(80);
  });
});
