import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TargetList } from '../../src/admin/api-schema.ts';
import { systemClock } from '../../src/kit/clock.ts';
import type { LeasedDelivery } from '../../src/model/delivery.ts';
import { openStore } from '../../src/stores/open.ts';
import { startConsumer } from '../flow/consumer.ts';
import { createHome, type RelayHome, startRelay } from '../flow/relay-process.ts';
import { post } from '../flow/sender.ts';
import { arrival, claimOf, DEAD, retryAt, settlement } from '../stores/arrivals.ts';
import { type Server, startPostgres } from '../stores/start-postgres.ts';
import { AT, hold, SAID, UNTIL, URL_OF } from './held-targets.ts';
import { runDragoman } from './run-dragoman.ts';

const RULES = `
sources: { shop: { format: json } }
targets:
  archive: { format: json, url: "${URL_OF}" }
  night: { format: json, url: "${URL_OF}", enabled: false }
  paused: { format: json, url: "${URL_OF}" }
  busy: { format: json, url: "${URL_OF}" }
  failing: { format: json, url: "${URL_OF}" }
  probed: { format: json, url: "${URL_OF}" }
  well: { format: json, url: "${URL_OF}" }
rules: [ { name: all, from: shop, to: [archive, night, paused, busy, failing, probed, well] } ]
`;
const PROBED = { breaker: { openings: 1, until: 1 } };

async function fill(home: RelayHome): Promise<void> {
  await using store = await openStore({ kind: 'sqlite', file: home.database }, { clock: systemClock });
  await hold({ ...SAID, probed: PROBED }, store);
  const to = [{ target: 'failing' }, { target: 'failing', dead: DEAD.reason }, { target: 'gone' }, { target: 'well' }];
  await store.inbox.save(arrival({ to }));
  const [leased] = await store.queue.claim(claimOf('failing', Date.now()));
  await store.queue.settle([settlement(leased as LeasedDelivery, retryAt(UNTIL))]);
}

let home: RelayHome;
beforeAll(async () => {
  home = createHome(RULES);
  await fill(home);
});
afterAll(() => home.remove());

const dragoman = (...args: string[]) => runDragoman([...args, '--config', home.config], { cwd: home.folder });

describe('dragoman targets', () => {
  it('says how each target is, what waits, what is dead, and what failed last', async () => {
    const { code, out } = await dragoman('targets');
    expect(code).toBe(0);
    expect(out.split('\n').map((line) => line.replaceAll(/ {2,}/g, ' | '))).toEqual([
      'TARGET | STATE | WAITING | DEAD | LAST ERROR',
      'archive | stopped: it answered 410 | 0 | 0',
      'night | disabled | 0 | 0',
      'paused | paused | 0 | 0',
      `busy | paused until ${AT}, as it asked | 0 | 0`,
      `failing | breaker open until ${AT} | 1 | 1 | 2026-01-01 00:00:00Z | ${DEAD.reason.message} | [${DEAD.reason.code}]`,
      'probed | breaker open, one delivery tries it next | 0 | 0',
      'well | running | 1 | 0',
      'gone | no longer in the configuration | 1 | 0',
      'send at once again: dragoman targets resume archive',
      '',
    ]);
  });

  it('says so to machines, too', async () => {
    const { items } = JSON.parse((await dragoman('targets', '--json')).out) as { items: Record<string, unknown>[] };
    expect(items.map(({ name, state, until }) => [name, state, until])).toEqual([
      ['archive', 'stopped', null],
      ['night', 'disabled', null],
      ['paused', 'paused', null],
      ['busy', 'paused', UNTIL],
      ['failing', 'breaker_open', UNTIL],
      ['probed', 'breaker_open', null],
      ['well', 'running', null],
      ['gone', 'gone', null],
    ]);
    expect(items[4]).toMatchObject({ format: 'json', waiting: 1, dead: 1, lastError: { ...DEAD.reason } });
    expect(items[6]).toMatchObject({ waiting: 1, oldestWaitingAt: expect.any(Number), dead: 0, lastError: null });
  });

  it.each([
    [['pause', 'wel'], 1, 'Error: there is no target "wel"\n  Try: well\n'],
    [['resume', 'gone'], 1, /^Error: there is no target "gone"\n {2}Try: archive, night, .*\n$/],
    [
      ['pause'],
      2,
      'Error: there is no target to pause\n  Try: dragoman targets pause NAME: dragoman targets lists them\n',
    ],
    [['resum', 'well'], 2, 'Error: targets can pause and resume, not "resum"\n  Try: dragoman targets resume NAME\n'],
  ])('refuses what it cannot do: targets %s', async (args, code, err) => {
    expect(await dragoman('targets', ...args)).toEqual({
      code,
      out: '',
      err: typeof err === 'string' ? err : expect.stringMatching(err),
    });
  });

  it('pauses and resumes where no relay runs', async () => {
    using own = createHome(RULES);
    await fill(own);
    const targets = async (...args: string[]) =>
      (await runDragoman(['targets', ...args, '--config', own.config], { cwd: own.folder })).out;
    expect(await targets('pause', 'well')).toBe(
      'well is paused; a running relay sees it within a second.\n1 delivery waits for it.\n',
    );
    expect(await targets('pause', 'well')).toMatch(/^well is paused already; nothing was changed\.\n/);
    expect(await targets()).toMatch(/\nwell +paused +1 +0\n/);
    expect(JSON.parse(await targets('resume', 'well', '--json'))).toMatchObject({
      ...{ changed: true, hastened: 0 },
      target: { name: 'well', state: 'running' },
    });
    expect(await targets('resume', 'well')).toBe('Nothing holds well back; nothing was changed.\n');
    expect(await targets('resume', 'failing')).toBe(
      'failing is resumed, and 1 delivery that waited for a later try is due now; a running relay sees it within a second.\n',
    );
    expect(await targets('resume', 'night')).toMatch(/\nIt is switched off all the same: .*\n$/);
  });
});

describe('beside a running relay', () => {
  let server: Server;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());

  it.each(['sqlite', 'postgres'])('what waits for a paused target is sent once it is resumed: %s', async (kind) => {
    await using consumer = await startConsumer();
    const rules = `
sources: { shop: { format: json } }
targets: { archive: { format: json, url: "${consumer.url}/hook" } }
rules: [ { name: all, from: shop, to: archive } ]
`;
    using own = createHome(rules);
    if (kind === 'postgres') {
      const url = await server.createDatabase();
      const ports =
        'server: { host: 127.0.0.1, port: 0 }\nadmin: { host: 127.0.0.1, port: 0 }\nlog: { format: json }\n';
      writeFileSync(own.config, `${ports}store: ${url}\nmappings: ../mappings\n${rules}`);
    }
    await using relay = await startRelay(own);
    const targets = async (...args: string[]) =>
      (await runDragoman(['targets', ...args, '--config', own.config], { cwd: own.folder })).out;
    expect(await targets('pause', 'archive')).toMatch(/^archive is paused; /);
    const stateOfIt = async () => {
      const { items } = (await (await fetch(`${relay.adminUrl}/api/targets`)).json()) as TargetList;
      return items[0]?.state;
    };
    await expect.poll(stateOfIt, { timeout: 10_000 }).toBe('paused');
    await post(`${relay.serverUrl}/in/shop`, '{"n":1}');
    expect(await targets()).toMatch(/\narchive +paused +1 +0\n/);
    expect(consumer.received).toEqual([]);
    expect(await targets('resume', 'archive')).toMatch(/^archive is resumed; /);
    await consumer.request(({ url }) => url === '/hook');
    expect(await stateOfIt()).toBe('running');
  });
});
