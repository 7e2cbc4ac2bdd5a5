import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/kit/clock.ts';
import type { LeasedDelivery } from '../../src/model/delivery.ts';
import { openStore } from '../../src/stores/open.ts';
import { createHome, type RelayHome } from '../flow/relay-process.ts';
import { arrival, claimOf, DEAD, REQUESTS, retryAt, settlement } from '../stores/arrivals.ts';
import { runDragoman } from './run-dragoman.ts';

const RULES = `
sources: { shop: { format: json } }
targets:
  archive: { format: json, url: "http://127.0.0.1:9/" }
  paused: { format: json, url: "http://127.0.0.1:9/" }
rules: [ { name: all, from: shop, to: [archive, paused] } ]
`;
const LATER = Date.UTC(2100, 0, 1);

let home: RelayHome;
/** Of an event with a delivery that waits for a later try, and a dead one. */
let eventId: string;
let waiting: string;
let leased: string;
beforeAll(async () => {
  home = createHome(RULES);
  await using store = await openStore({ kind: 'sqlite', file: home.database }, { clock: systemClock });
  const to = [{ target: 'archive' }, { target: 'paused', dead: DEAD.reason }];
  const one = arrival({ to });
  await store.inbox.save(one);
  const [claimed] = await store.queue.claim(claimOf('archive', Date.now()));
  await store.queue.settle([settlement(claimed as LeasedDelivery, retryAt(LATER), { requests: REQUESTS })]);
  const busy = arrival({ to: [{ target: 'archive' }] });
  await store.inbox.save(busy);
  await store.queue.claim(claimOf('archive', Date.now()));
  [eventId, waiting, leased] = [one.event.id, one.deliveries[0]?.id ?? '', busy.deliveries[0]?.id ?? ''];
});
afterAll(() => home.remove());

const dragoman = async (...args: string[]) => {
  const { code, out, err } = await runDragoman([...args, '--config', home.config], { cwd: home.folder });
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return out;
};

describe('a replay of what waits for a later try', () => {
  it('shows that the same bytes would be sent', async () => {
    expect(await dragoman('replay', waiting, '--dry-run')).toBe(
      `${waiting}  to archive  the same bytes\n1 delivery; nothing was sent.\n`,
    );
  });

  it('makes it due now, and sends what has ended again', async () => {
    await dragoman('targets', 'pause', 'paused');
    expect(await dragoman('replay', eventId)).toBe(
      `1 of 1 delivery is due again; a running relay sends that now.
1 of 1 waiting delivery is due now; a running relay sends that now.
held: target paused is paused by an operator; dragoman targets resume paused
`,
    );
    expect(await dragoman('show', waiting)).toMatch(/\n {2}next try {2}when its turn comes, due since 20/);
  });

  it('leaves alone what is being sent at this moment, and says so', async () => {
    expect(await dragoman('replay', leased)).toBe('1 is being sent at this moment, and left alone.\n');
    expect(JSON.parse(await dragoman('replay', leased, '--json'))).toEqual({
      ...{ found: 1, replayed: 0, hastened: 0, held: [] },
    });
  });

  it('is about what waits only where an id or the filter says so', async () => {
    expect(await dragoman('replay', '--target', 'archive')).toBe(
      'No finished delivery fits, so nothing is sent again; --state waiting is for those that wait.\n',
    );
    expect(JSON.parse(await dragoman('replay', '--target', 'archive', '--state', 'waiting', '--json'))).toMatchObject({
      ...{ found: 2, replayed: 0, hastened: 1 },
    });
    expect(await dragoman('replay', '--rule', 'all', '--state', 'waiting')).toBe('No waiting delivery fits.\n');
  });
});
