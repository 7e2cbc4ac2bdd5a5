/** Several relays, each a process as a user runs it, on one PostgreSQL database. */
import { writeFileSync } from 'node:fs';
import { expect } from 'vitest';
import { systemClock } from '../../src/kit/clock.ts';
import { openPostgresStore } from '../../src/stores/postgres/index.ts';
import type { Balance } from '../../src/stores/store.ts';
import type { Received } from '../flow/consumer.ts';
import { createHome, type RelayProcess, startRelay } from '../flow/relay-process.ts';
import { clipNumber } from '../flow/sender.ts';
import { expectAgreement } from './ledger-model.ts';

export interface FleetRun extends AsyncDisposable {
  readonly relays: readonly RelayProcess[];
  /** Where events are posted to the `index`-th relay. */
  door(index: number): string;
  /** Starts one more. */
  join(): Promise<RelayProcess>;
  /** Waits until nothing waits to be sent; the balance is the same counted from the rows. */
  settled(): Promise<Balance>;
}

export async function startFleet(
  database: string,
  count: number,
  more: { readonly target: string; readonly options?: string },
): Promise<FleetRun> {
  await using undo = new AsyncDisposableStack();
  const relays: RelayProcess[] = [];
  const join = async (): Promise<RelayProcess> => {
    const home = undo.use(createHome(''));
    writeFileSync(home.config, configuration(database, more.target, more.options ?? ''));
    const relay = undo.use(await startRelay(home));
    relays.push(relay);
    return relay;
  };
  for (let i = 0; i < count; i++) await join();
  const kept = undo.move();
  return {
    relays,
    join,
    door: (index) => `${relays[index]?.serverUrl}/in/bsr`,
    settled: () => settledBalance(database),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

const configuration = (database: string, target: string, options: string): string => `
server: { host: 127.0.0.1, port: 0 }
admin: { host: 127.0.0.1, port: 0 }
store: ${database}
mappings: ../mappings
log: { format: json }
params: { media_base: "https://media.example.com" }
sources: { bsr: { format: bsr } }
targets: { vod: { format: remotemonster, url: "${target}/hook", retry: { quick: 1, schedule: [1s, 1s, 1s] } ${options} } }
rules: [ { name: clips, from: bsr, on: clip.generated, to: vod } ]
`;

async function settledBalance(url: string): Promise<Balance> {
  await using store = await openPostgresStore({ url, pool: 4, clock: systemClock, readonly: true });
  while ((await store.ledger.balance()).events.waiting > 0) await new Promise((resolve) => setImmediate(resolve));
  return expectAgreement(store);
}

/** How often each clip came; each time with the same webhook-id. */
export function timesDelivered(received: readonly Received[]): ReadonlyMap<number, number> {
  const ids = new Map<number, unknown>();
  const times = new Map<number, number>();
  for (const { body, headers } of received) {
    const n = clipNumber(body);
    if (ids.has(n)) expect(headers['webhook-id']).toBe(ids.get(n));
    ids.set(n, headers['webhook-id']);
    times.set(n, (times.get(n) ?? 0) + 1);
  }
  return times;
}

export const oneToEach = (count: number): ReadonlyMap<number, number> =>
  new Map(Array.from({ length: count }, (_, index) => [index + 1, 1]));
