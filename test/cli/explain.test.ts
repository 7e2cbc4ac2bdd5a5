import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formats } from '../../src/formats/index.ts';
import { systemClock } from '../../src/kit/clock.ts';
import { openStore } from '../../src/stores/open.ts';
import { createHome, type RelayHome } from '../flow/relay-process.ts';
import { arrival, claimOf, DEAD, DELIVERED, DROPPED, settlement } from '../stores/arrivals.ts';
import { runDragoman } from './run-dragoman.ts';

const RULES = `
sources: { bsr: { format: bsr } }
targets:
  archive: { format: bsr, url: "http://127.0.0.1:9/" }
  gone: { format: bsr, url: "http://127.0.0.1:9/" }
rules: [ { name: all, from: bsr, to: [archive, gone] } ]
`;
const REFUSED = { target: 'gone', dead: DEAD.reason };

let home: RelayHome;
const ids = new Map<string, string>();
beforeAll(async () => {
  home = createHome(RULES);
  await using store = await openStore({ kind: 'sqlite', file: home.database }, { clock: systemClock });
  const body = Buffer.from(formats.get('bsr')?.events['clip.generated']?.samples[0]?.body ?? '');
  const events = [
    ['dead', [REFUSED]],
    ['dropped', [{ target: 'archive' }]],
    ['delivered and dead', [{ target: 'archive' }, REFUSED]],
    ['waiting', [{ target: 'archive' }]],
  ] as const;
  for (const [what, to] of events) {
    const one = arrival({ body, to });
    ids.set(what, one.event.id);
    await store.inbox.save(one);
    if (what === 'waiting') continue;
    for (const leased of await store.queue.claim(claimOf('archive', Date.now())))
      await store.queue.settle([settlement(leased, what === 'dropped' ? DROPPED : DELIVERED)]);
  }
});
afterAll(() => home.remove());

describe('dragoman explain ends with what became of the event', () => {
  it.each([
    ['dead', 'The delivery is dead: dragoman replay ID, once that is mended.'],
    ['dropped', 'The delivery is dropped, as the mapping says.'],
    ['delivered and dead', '1 of 2 deliveries is dead: dragoman replay ID, once that is mended.'],
    ['waiting', 'The delivery did not arrive (yet).'],
  ])('%s', async (what, said) => {
    const id = ids.get(what) ?? '';
    const { code, out } = await runDragoman(['explain', id, '--config', home.config], { cwd: home.folder });
    expect(code).toBe(0);
    expect(out.trimEnd().split('\n').at(-1)).toBe(said.replace('ID', id));
  });
});
