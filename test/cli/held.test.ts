import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formats } from '../../src/formats/index.ts';
import { systemClock } from '../../src/kit/clock.ts';
import { deliveryId } from '../../src/kit/ids.ts';
import type { LeasedDelivery } from '../../src/model/delivery.ts';
import { openStore } from '../../src/stores/open.ts';
import { createHome, type RelayHome } from '../flow/relay-process.ts';
import { arrival, claimOf, retryAt, settlement } from '../stores/arrivals.ts';
import { AT, hold, SAID, UNTIL, URL_OF } from './held-targets.ts';
import { runDragoman } from './run-dragoman.ts';

const RULES = `
params: { media_base: "https://media.example.com" }
sources: { bsr: { format: bsr } }
targets:
  archive: { format: remotemonster, url: "${URL_OF}" }
  night: { format: remotemonster, url: "${URL_OF}", enabled: false }
  paused: { format: remotemonster, url: "${URL_OF}" }
  busy: { format: remotemonster, url: "${URL_OF}" }
  failing: { format: remotemonster, url: "${URL_OF}" }
  slow: { format: remotemonster, url: "${URL_OF}", rate: 1/m }
  well: { format: remotemonster, url: "${URL_OF}" }
  later: { format: remotemonster, url: "${URL_OF}" }
rules: [ { name: all, from: bsr, to: [archive, night, paused, busy, failing, slow, well, later] } ]
`;
const PAST = Date.UTC(2026, 0, 1);
const HELD: Readonly<Record<string, string>> = {
  archive: 'target archive is stopped: it answered 410; dragoman targets resume archive',
  night: 'target night is switched off: it has "enabled: false" in the configuration',
  paused: 'target paused is paused by an operator; dragoman targets resume paused',
  busy: `target busy asked for a pause until ${AT}`,
  failing: `target failing failed too often: its breaker is open until ${AT}`,
  slow: 'target slow takes 1/m, and others come first',
  gone: 'target gone is no longer in the configuration',
};
const TARGETS = [...Object.keys(HELD), 'well', 'later'];

let home: RelayHome;
let eventId: string;
let alone: string;
beforeAll(async () => {
  home = createHome(RULES);
  await using store = await openStore({ kind: 'sqlite', file: home.database }, { clock: systemClock });
  await hold(SAID, store);
  const body = Buffer.from(formats.get('bsr')?.events['clip.generated']?.samples[0]?.body ?? '');
  const only = arrival({ body, to: [{ target: 'archive', rule: 'all' }] });
  const every = arrival({ body, to: TARGETS.map((target) => ({ target, rule: 'all' })) });
  for (const one of [only, every]) await store.inbox.save(one);
  [alone, eventId] = [only.event.id, every.event.id];
  for (const target of TARGETS) {
    for (const leased of await store.queue.claim(claimOf(target, Date.now())))
      await store.queue.settle([settlement(leased, retryAt(target === 'later' ? UNTIL : PAST))]);
  }
});
afterAll(() => home.remove());

const dragoman = async (...args: string[]) =>
  (await runDragoman([...args, '--config', home.config], { cwd: home.folder })).out;

const idOf = (target: string): string => deliveryId(eventId, TARGETS.indexOf(target) + 1);

describe('a delivery that waits', () => {
  it('is shown with what holds it, and never with a next try in the past', async () => {
    const shown = await dragoman('show', eventId);
    for (const message of Object.values(HELD)) expect(shown).toContain(`\n  held      ${message}\n`);
    expect(shown.match(/\n {2}next try .*/g)).toEqual([
      '\n  next try  when its turn comes, due since 2026-01-01 00:00:00Z',
      `\n  next try  ${AT}; dragoman replay ${idOf('later')} sends it now`,
    ]);
  });

  it('is listed with what holds it', async () => {
    const listed = await dragoman('deliveries', '--state', 'waiting');
    for (const message of Object.values(HELD)) expect(listed).toContain(`  ${message}  no answer in 15s  [TIMEOUT]\n`);
    expect(listed).not.toContain('next try 2026');
  });

  it('is explained with what holds it', async () => {
    const explained = await dragoman('explain', eventId);
    const { gone: _, ...routed } = HELD;
    for (const message of Object.values(routed)) expect(explained).toContain(`\n      held: ${message}\n`);
    expect(explained).toContain(`${idOf('later')}  waiting: no answer in 15s  [TIMEOUT]\n      next try ${AT}\n`);
    expect(explained).toMatch(/\n9 of 9 deliveries did not arrive \(yet\), 7 of them held\.\n$/);
    expect(await dragoman('explain', alone)).toMatch(
      /\nThe delivery is held: target archive is stopped: it answered 410; dragoman targets resume archive\.\n$/,
    );
  });

  it.each(['show', 'explain', 'deliveries'])('says so to machines, too: %s', async (command) => {
    const args = command === 'deliveries' ? [] : [eventId];
    const said = JSON.parse(await dragoman(command, ...args, '--json'));
    const all: { target: string; eventId: string; held: unknown }[] = said.items ?? said.deliveries;
    const held = Object.fromEntries(all.filter((one) => one.eventId === eventId).map((one) => [one.target, one.held]));
    expect(held).toEqual({
      archive: { reason: 'stopped', until: null, behind: null, message: HELD.archive },
      night: { reason: 'disabled', until: null, behind: null, message: HELD.night },
      paused: { reason: 'paused', until: null, behind: null, message: HELD.paused },
      busy: { reason: 'asked', until: UNTIL, behind: null, message: HELD.busy },
      failing: { reason: 'breaker_open', until: UNTIL, behind: null, message: HELD.failing },
      slow: { reason: 'rate', until: null, behind: null, message: HELD.slow },
      gone: { reason: 'gone', until: null, behind: null, message: HELD.gone },
      well: null,
      later: null,
    });
  });
});

describe('a delivery behind another of its order', () => {
  it('is shown with the one that comes first, as long as its target keeps an order', async () => {
    const rules = (more: string): string => `
sources: { shop: { format: json } }
targets: { ledger: { format: json, url: "${URL_OF}"${more} } }
rules: [ { name: all, from: shop, to: ledger } ]
`;
    using own = createHome(rules(', order_by: data.room'));
    const both = [1, 2].map(() => arrival({ to: [{ target: 'ledger', orderKey: 'a' }] }));
    const [first = '', second = ''] = both.map(({ deliveries: [one] }) => one?.id);
    {
      await using store = await openStore({ kind: 'sqlite', file: own.database }, { clock: systemClock });
      for (const one of both) await store.inbox.save(one);
      const [leased] = await store.queue.claim(claimOf('ledger', Date.now(), { ordered: true }));
      await store.queue.settle([settlement(leased as LeasedDelivery, retryAt(UNTIL))]);
    }
    const show = async (id: string, ...more: string[]) =>
      (await runDragoman(['show', id, ...more, '--config', own.config], { cwd: own.folder })).out;
    const message = `${first} has the same order key and comes first: dragoman show ${first}`;
    expect(await show(second)).toContain(`\n  held      ${message}\n`);
    expect(JSON.parse(await show(second, '--json')).deliveries[0].held).toEqual({
      ...{ reason: 'behind', until: null, behind: first, message },
    });
    expect(await show(first)).toContain(`\n  next try  ${AT}; dragoman replay ${first} sends it now\n`);
    own.configure(rules(''));
    expect(await show(second)).toMatch(/\n {2}next try {2}when its turn comes, /);
  });
});
