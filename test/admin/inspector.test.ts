import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createInspector, type Inspected } from '../../src/admin/inspector.ts';
import { type AdminRun, rawRequest, runAdmin } from './run-admin.ts';

const KIB = 1024;
const request = (body: string): Omit<Inspected, 'number'> => ({
  receivedAt: '2026-01-01T00:00:00.000Z',
  method: 'POST',
  url: '/',
  headers: {},
  body,
  bytes: body.length,
  truncated: false,
});

describe('what the inspector keeps', () => {
  const large = request('x'.repeat(64 * KIB));
  const fill = (inspector: ReturnType<typeof createInspector>, name: string, count: number): void => {
    for (let n = 0; n < count; n++) inspector.record(name, large);
  };

  it('is so many requests of a name, the newest', () => {
    const inspector = createInspector(2);
    for (const body of ['a', 'b', 'c']) inspector.record('one', request(body));
    expect(inspector.requests('one').map(({ number, body }) => [number, body])).toEqual([
      [3, 'c'],
      [2, 'b'],
    ]);
    expect(inspector.received('one')).toBe(3);
  });

  it('is no more than 4 MiB of a name, however many it may be', () => {
    const inspector = createInspector(10_000);
    fill(inspector, 'one', 100);
    expect(inspector.requests('one')).toHaveLength(63);
    expect(inspector.requests('one')[0]?.number).toBe(100);
  });

  it('is no more than 32 MiB of all names, the oldest of them first', () => {
    const inspector = createInspector(50);
    for (let n = 0; n < 12; n++) fill(inspector, `name-${n}`, 50);
    const kept = inspector.names().map(({ name }) => inspector.requests(name).length);
    expect(kept.reduce((a, b) => a + b)).toBe(511);
    expect([kept[0], kept.at(-1)]).toEqual([0, 50]);
    expect(inspector.names()[0]).toMatchObject({ received: 50, lastAt: large.receivedAt });
    inspector.clear('name-11');
    fill(inspector, 'name-12', 50);
    expect(inspector.requests('name-10')).toHaveLength(50);
  });
});

describe('the inspector over HTTP', () => {
  let run: AdminRun;
  beforeAll(async () => {
    run = await runAdmin({
      yaml: `
params: { key: "\${env:KEY}" }
sources: { in: { format: json } }
targets: { seen: { format: json, url: "inspector:seen" } }
rules: [{ name: all, to: seen }]
`,
      env: { KEY: 'canary-key-3f9d1c' },
    });
  });
  afterAll(() => run[Symbol.asyncDispose]());

  const posted = async (name: string, body: string) => {
    await rawRequest(`${run.relay.adminUrl}/inspect/${name}`, { method: 'POST', body });
    return (await run.get(`/api/inspect/${name}`)).body.requests[0];
  };

  it('shows the first 64 KiB of a body, cut between two characters', async () => {
    expect(await posted('whole', 'x'.repeat(64 * KIB))).toMatchObject({ bytes: 64 * KIB, truncated: false });
    const cut = await posted('cut', `x${'播'.repeat(50 * KIB)}`);
    expect(cut).toMatchObject({ bytes: 1 + 150 * KIB, truncated: true });
    expect(cut.body).toBe(`x${'播'.repeat(21_845)}`);
    const { text } = await run.get('/inspect/cut');
    expect(text).toContain(`The beginning of ${1 + 150 * KIB} bytes.`);
    expect((await run.get('/inspect/whole')).text).not.toContain('The beginning of');
  });

  it('leaves nothing of a secret that lies across the end', async () => {
    const { body } = await posted('secret', `${'x'.repeat(64 * KIB - 10)}canary-key-3f9d1c${'x'.repeat(KIB)}`);
    expect(body.slice(-13)).toBe('xxx***xxxxxxx');
  });

  it('records no ping', async () => {
    expect((await run.post('/api/targets/seen/ping')).body).toMatchObject({ method: 'HEAD', status: 200 });
    expect((await run.get('/api/inspect/seen')).body).toMatchObject({ received: 0, requests: [] });
  });
});
