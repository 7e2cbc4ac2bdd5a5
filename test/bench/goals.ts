/** What the relay is to reach: each goal a ratio of two figures of one run. */

export interface Goal {
  /** Its key in the stored ratios. */
  readonly key: string;
  /** The measurement that finds it. */
  readonly of: string;
  readonly says: string;
  /** One of the two is there. */
  readonly least?: number;
  readonly most?: number;
  /** The quick run finds it, too. */
  readonly isQuick?: boolean;
}

export const GOALS: readonly Goal[] = [
  {
    key: 'end-to-end/koa',
    of: 'throughput',
    says: 'received, stored, mapped and delivered, to plain Koa that does nothing',
    least: 0.5,
    isQuick: true,
  },
  {
    key: 'end-to-end/no-store',
    of: 'throughput',
    says: 'the same, to itself without a store',
    least: 0.75,
    isQuick: true,
  },
  { key: 'stored/koa', of: 'throughput', says: 'received and stored only, to plain Koa', least: 0.85 },
  {
    key: 'end-to-end/node-red',
    of: 'throughput',
    says: 'the same work, to Node-RED, which keeps nothing',
    least: 10,
    isQuick: true,
  },
  { key: 'rules-1000/rules-1', of: 'rules', says: '1,000 rules of which one matches, to a single rule', least: 0.95 },
  { key: 'rules-10000/rules-1', of: 'rules', says: '10,000 rules of which one matches, to a single rule', least: 0.9 },
  {
    key: 'one-hung/none-hung',
    of: 'hung',
    says: 'nine healthy targets beside a hung one, to the same without',
    least: 0.97,
    isQuick: true,
  },
  { key: 'rss/koa', of: 'memory', says: 'memory under load, to plain Koa', most: 1.7 },
  { key: 'rss-300k/rss-100k', of: 'memory', says: 'memory after 300,000 events, to that after 100,000', most: 1.03 },
  { key: 'drain/end-to-end', of: 'memory', says: 'draining a backlog of 100,000, to the sustained rate', least: 1.5 },
  { key: 'drain-rss/300MB', of: 'memory', says: 'memory at its highest meanwhile, to 300 MB', most: 1 },
  { key: 'p99/no-store', of: 'latency', says: 'p99 end to end at 500 events/s, to that without a store', most: 1.5 },
  { key: 'start/koa', of: 'start', says: 'process start to first 2xx, to plain Koa', most: 1.5 },
  { key: 'postgres/sqlite', of: 'postgres', says: 'PostgreSQL to SQLite, on one shared core', least: 0.7 },
  { key: 'postgres-2-cores/sqlite-2-cores', of: 'postgres', says: 'PostgreSQL to SQLite, on two cores', least: 0.85 },
  {
    key: 'postgres-2-relays/postgres-1-relay',
    of: 'postgres',
    says: 'two relays on one PostgreSQL to one, on the same two cores',
    least: 0.9,
  },
  {
    key: 'dead-p99/healthy-p99',
    of: 'dead',
    says: 'p99 of 10 healthy targets beside 50 dead ones, to that without',
    most: 1.2,
  },
  { key: 'mapping/1µs', of: 'mapping', says: 'a mapping of 8 fields, to 1 µs', most: 1 },
  { key: 'check/200ms', of: 'mapping', says: 'reading and checking all shipped mappings, to 200 ms', most: 1 },
];

export function isMet({ least, most }: Goal, ratio: number): boolean {
  return (least === undefined || ratio >= least) && (most === undefined || ratio <= most);
}
