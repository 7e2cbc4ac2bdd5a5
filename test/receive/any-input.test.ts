import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bsr } from '../../src/formats/bsr/index.ts';
import { json } from '../../src/formats/json/index.ts';
import { remotemonster } from '../../src/formats/remotemonster/index.ts';
import { sigma } from '../../src/formats/sigma/index.ts';
import { streamrec } from '../../src/formats/streamrec/index.ts';
import type { Format } from '../../src/model/format.ts';
import { request, SOURCES } from './bad-inputs.ts';
import { makeSource, type RunningDoor, runDoor, talk } from './run-door.ts';

const FORMATS: readonly Format[] = [bsr, json, remotemonster, sigma, streamrec];

const paths = fc.constantFrom(...FORMATS.map(({ name }) => `/in/${name}`), '/in/closed', '/in/small', '/in/nobody');
const printable = fc.string({ unit: 'grapheme-ascii', maxLength: 40 }).map((text) => text.replace(/\s/g, '+'));
const headerName = fc.constantFrom(
  'content-type',
  'content-encoding',
  'authorization',
  'x-forwarded-for',
  'expect',
  'x-any',
);
const headerValue = fc.oneof(
  fc.constantFrom(
    'application/json',
    'gzip',
    'deflate',
    'br',
    '100-continue',
    'Basic Og==',
    'application/x-www-form-urlencoded',
  ),
  fc.string({ unit: 'binary-ascii', maxLength: 30 }).map((text) => text.replace(/[\r\n]/g, ' ')),
);
const headers = fc.dictionary(headerName, headerValue, { maxKeys: 4 });
const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  fc.json().map((text) => Buffer.from(text)),
  fc.json().map((text) => gzipSync(text)),
  fc.uint8Array({ maxLength: 50 }).map((noise) => Buffer.concat([gzipSync('{}').subarray(0, 12), noise])),
);

/** Line ends alone are an empty line before a request, which is waited for. */
const noise = fc.uint8Array({ maxLength: 100 }).filter((some) => some.some((byte) => byte !== 10 && byte !== 13));

/** Documented samples with any one of their values, at any depth, replaced by anything. */
const samples = FORMATS.flatMap((format) =>
  Object.values(format.events).flatMap((event) => event.samples.map((sample) => ({ format, body: sample.body }))),
).filter((sample): sample is { format: Format; body: string } => sample.body?.startsWith('{') === true);
const altered = fc
  .tuple(fc.constantFrom(...samples), fc.nat(), fc.jsonValue())
  .map(([{ format, body }, at, value]) => ({ format, body: JSON.stringify(replaceOne(JSON.parse(body), at, value)) }));

describe('any input', () => {
  let door: RunningDoor;
  beforeAll(async () => {
    door = await runDoor(SOURCES.map(makeSource), { formats: FORMATS });
  });
  afterAll(() => door[Symbol.asyncDispose]());

  const isAlive = async () => expect((await fetch(`${door.url}/in/nobody`)).status).toBe(404);
  const expectNoFault = (answer: string): void => {
    expect(answer).toMatch(/^HTTP\/1\.1 (?:100 Continue\r\n\r\nHTTP\/1\.1 )?[24]\d\d /);
    expect(door.defects).toEqual([]);
  };

  it('as path, query, headers and body is answered 2xx or 4xx', async () => {
    const method = fc.constantFrom('POST', 'GET', 'PUT', 'OPTIONS');
    await fc.assert(
      fc.asyncProperty(method, paths, printable, headers, bytes, async (verb, path, search, extra, body) => {
        expectNoFault(await talk(door.port, request({ method: verb, to: `${path}?${search}`, headers: extra, body })));
      }),
      { numRuns: 400 },
    );
    await isAlive();
  });

  it('as a path is answered 2xx or 4xx', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary-ascii', maxLength: 30 }), async (path) => {
        expectNoFault(await talk(door.port, request({ to: path.replace(/[\r\n]/g, ''), body: '{}' })));
      }),
      { numRuns: 200 },
    );
    await isAlive();
  });

  it('instead of HTTP is answered 4xx', async () => {
    await fc.assert(
      fc.asyncProperty(noise, async (bytes) => {
        const answer = await talk(door.port, bytes, '\r\n\r\n\r\n\r\n');
        expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
      }),
      { numRuns: 150 },
    );
    await isAlive();
  });

  it('in a field of a documented event is answered 202, 400 or 422', async () => {
    await fc.assert(
      fc.asyncProperty(altered, async ({ format, body }) => {
        const answer = await talk(door.port, request({ to: `/in/${format.name}`, body }));
        expect(answer.slice(9, 12)).toMatch(/^(?:200|202|400|422)$/);
        expectNoFault(answer);
      }),
      { numRuns: 500 },
    );
    expect(door.arrivals.length).toBeGreaterThan(0);
    for (const { event } of door.arrivals) expect(new Date(event.time).toISOString()).toBe(event.time);
    await isAlive();
  });
});

/** The value with the `at`-th of its members (in the order of writing, modulo their number) replaced. */
function replaceOne(value: unknown, at: number, replacement: unknown): unknown {
  const places: [object, string][] = [];
  const walk = (one: unknown): void => {
    if (typeof one !== 'object' || one === null) return;
    for (const key of Object.keys(one)) {
      places.push([one, key]);
      walk((one as Record<string, unknown>)[key]);
    }
  };
  walk(value);
  const place = places[at % Math.max(1, places.length)];
  if (!place) return replacement;
  (place[0] as Record<string, unknown>)[place[1]] = replacement;
  return value;
}
