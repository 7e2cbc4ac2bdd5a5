/** Which files the embedded store opens, which it refuses, and what it leaves of them. */
import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LeasedDelivery } from '../../src/model/delivery.ts';
import { openSqliteStore } from '../../src/stores/sqlite/index.ts';
import type { Store } from '../../src/stores/store.ts';
import { ManualClock } from '../kit/manual-clock.ts';
import { arrival, claimOf, DEAD, DELIVERED, retryAt, settlement } from './arrivals.ts';
import { expectAgreement } from './ledger-model.ts';
import { startSaving } from './saving-process.ts';

const T = Date.UTC(2026, 0, 1);
let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dragoman-file-'));
  file = join(folder, 'relay.db');
});
afterEach(() => rm(folder, { recursive: true }));

const open = (more: { readonly file?: string; readonly readonly?: boolean } = {}): Promise<Store> =>
  openSqliteStore({ file, clock: new ManualClock(), ...more });
const refusal = async (more?: Parameters<typeof open>[0]) => {
  const error = await open(more).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({ name: 'StoreRefused', message: expect.any(String), try: expect.any(String) });
  return (error as { code: string }).code;
};
/** A closed database of some megabytes. */
const fill = async (): Promise<void> => {
  await using store = await open();
  const body = new Uint8Array(10_000).fill(65);
  await Promise.all(Array.from({ length: 300 }, () => store.inbox.save(arrival({ body }))));
};

describe('opening a file', () => {
  it('makes the file and its folders', async () => {
    const deep = join(folder, 'a', 'b', 'relay.db');
    await using store = await open({ file: deep });
    await store.check();
    expect(existsSync(deep)).toBe(true);
  });

  it('lets nobody but its own user read what it makes', async () => {
    await using store = await open();
    await store.inbox.save(arrival());
    const modes = ['', '-wal', '-shm'].map((end) => statSync(`${file}${end}`).mode & 0o777);
    expect(modes).toEqual([0o600, 0o600, 0o600]);
  });

  it('leaves the rights of a file that is there', async () => {
    writeFileSync(file, '', { mode: 0o640 });
    await using store = await open();
    await store.inbox.save(arrival());
    expect(statSync(`${file}-wal`).mode & 0o777).toBe(0o640);
  });

  it('takes an empty file for a new database', async () => {
    writeFileSync(file, '');
    await using store = await open();
    await store.check();
  });

  it.each([
    ['text', Buffer.from('this is not a database, but somebody may need it\n'.repeat(100))],
    ['a few bytes', Buffer.from('SQLite')],
    ['zeros', Buffer.alloc(8192)],
    ['a header and nothing behind it', Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(84)])],
  ])('refuses %s and leaves it as it is', async (_, bytes) => {
    writeFileSync(file, bytes);
    expect(await refusal()).toBe('STORE_CORRUPT');
    expect(readFileSync(file).equals(bytes)).toBe(true);
  });

  it('refuses a truncated database and leaves it as it is', async () => {
    await fill();
    truncateSync(file, Math.floor(statSync(file).size / 2));
    const before = readFileSync(file);
    expect(await refusal()).toBe('STORE_CORRUPT');
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  it('refuses a database whose first page was overwritten', async () => {
    await fill();
    const bytes = readFileSync(file);
    bytes.fill(0xaa, 100, 4000);
    writeFileSync(file, bytes);
    expect(await refusal()).toBe('STORE_CORRUPT');
    expect(readFileSync(file).equals(bytes)).toBe(true);
  });

  it('says of a database that is damaged further behind what it is, once a command meets that', async () => {
    await fill();
    const bytes = readFileSync(file);
    bytes.fill(0xaa, Math.floor(bytes.length / 2));
    writeFileSync(file, bytes);
    await using store = await open({ readonly: true });
    await expect(store.ledger.recount()).rejects.toMatchObject({
      code: 'STORE_CORRUPT',
      try: expect.stringContaining('restore it from a backup'),
    });
  });

  it('refuses the database of another program', async () => {
    const other = new DatabaseSync(file);
    other.exec('CREATE TABLE photos (id INTEGER)');
    other.close();
    expect(await refusal()).toBe('STORE_FOREIGN');
  });

  it('refuses the database of a newer version', async () => {
    await (await open())[Symbol.asyncDispose]();
    const db = new DatabaseSync(file);
    db.exec('PRAGMA user_version = 999');
    db.close();
    expect(await refusal()).toBe('STORE_NEWER');
    expect(await refusal({ readonly: true })).toBe('STORE_NEWER');
  });

  it('refuses a folder, and a path that cannot be', async () => {
    mkdirSync(file);
    expect(await refusal()).toBe('STORE_NOT_A_FILE');
    writeFileSync(join(folder, 'plain'), 'x');
    expect(await refusal({ file: join(folder, 'plain', 'relay.db') })).toBe('STORE_NOT_WRITABLE');
  });

  it('is refused to a second process until the first has ended, however it ends', async () => {
    const first = startSaving({ file, callers: 0 });
    await first.until((line) => line === 'open');
    expect(await refusal()).toBe('STORE_IN_USE');
    await first.kill();
    await using store = await open();
    await store.check();
  });

  it('is refused to a second store of the same process', async () => {
    await using store = await open();
    expect(await refusal()).toBe('STORE_IN_USE');
    await store.check();
  });
});

describe('a link to a file', () => {
  it('is refused while a relay has the file, and stands for the file else', async () => {
    const link = join(folder, 'link.db');
    symlinkSync(file, link);
    const store = await open();
    await store.inbox.save(arrival());
    expect(await refusal({ file: link })).toBe('STORE_IN_USE');
    await store[Symbol.asyncDispose]();
    await using linked = await open({ file: link });
    expect((await linked.ledger.balance()).accepted).toBe(1);
    expect(await refusal()).toBe('STORE_IN_USE');
  });
});

describe('beside a running relay', () => {
  it('reads what the relay has written, and saves nothing', async () => {
    expect(await refusal({ readonly: true })).toBe('STORE_MISSING');
    expect(existsSync(file)).toBe(false);
    await using store = await open();
    const one = arrival();
    await store.inbox.save(one);
    await using beside = await open({ readonly: true });
    expect((await beside.ledger.event(one.event.id))?.key).toBe(one.event.key);
    await store.inbox.save(arrival());
    expect((await beside.ledger.balance()).accepted).toBe(2);
    await expectAgreement(beside);
    await expect(beside.inbox.save(arrival())).rejects.toMatchObject({ name: 'StoreUnavailable' });
    await expect(beside.check()).rejects.toMatchObject({ name: 'StoreUnavailable' });
  });

  it('replays, and the relay finds it due', async () => {
    await using store = await open();
    const one = arrival({ to: [{ dead: DEAD.reason }] });
    await store.inbox.save(one);
    await using beside = await open({ readonly: true });
    const id = one.deliveries[0]?.id ?? '';
    expect(await beside.ledger.replay({ ids: [id], retranslate: false, now: T + 5 })).toEqual({
      replayed: 1,
      hastened: 0,
    });
    expect(await store.queue.due()).toEqual(new Map([['shop', T + 5]]));
    expect(await expectAgreement(store)).toMatchObject({ deliveries: { waiting: 1, dead: 0 } });
  });

  it('changes shared state and hastens what waits, and the relay finds it so', async () => {
    await using store = await open();
    await store.inbox.save(arrival());
    const [leased] = await store.queue.claim(claimOf('shop', T));
    await store.queue.settle([settlement(leased as LeasedDelivery, retryAt(T + 9_000_000))]);
    await using beside = await open({ readonly: true });
    expect(await beside.shared.put('target/shop', 'paused', 0)).toBe(true);
    expect(await store.shared.get('target/shop')).toEqual({ key: 'target/shop', value: 'paused', version: 1 });
    expect(await beside.shared.put('target/shop', 'late', 0)).toBe(false);
    expect(await beside.queue.hasten({ target: 'shop', now: T + 7, limit: 10 })).toEqual({ hastened: 1, more: false });
    expect(await store.queue.due()).toEqual(new Map([['shop', T + 7]]));
  });

  it('reads a file that no relay has open', async () => {
    await fill();
    await using beside = await open({ readonly: true });
    expect((await beside.ledger.balance()).accepted).toBe(300);
  });
});

// the locks that a process has can be seen on Linux alone
describe.runIf(existsSync('/proc/locks'))('the lock on the database', () => {
  it('is kept whatever reads beside it: who leaves would else take the log for one that nobody needs', async () => {
    await using store = await open();
    await store.inbox.save(arrival());
    await store.ledger.balance();
    const { ino } = statSync(file);
    const locks = readFileSync('/proc/locks', 'utf8').split('\n');
    const mine = locks.filter((lock) => lock.includes(` READ ${process.pid} `) && lock.includes(`:${ino} `));
    expect(mine).toHaveLength(1);
  });
});

describe('the file itself', () => {
  it('shrinks when retention has deleted what was in it', async () => {
    await fill();
    const full = statSync(file).size;
    const store = await open();
    const leased = await store.queue.claim(claimOf('shop', T, { limit: 1000, concurrency: 1000 }));
    await store.queue.settle(leased.map((one) => settlement(one, DELIVERED)));
    for (let more = true; more; ) {
      more = (await store.ledger.prune({ before: T + 1, maxBytes: 1e12, limit: 50 })).more;
    }
    await store[Symbol.asyncDispose]();
    expect(statSync(file).size).toBeLessThan(full / 5);
  });

  it('loses what is old also behind what came while the clock was ahead', async () => {
    await using store = await open();
    const save = (receivedAt: number) => store.inbox.save(arrival({ state: 'unmatched', receivedAt }));
    const prune = async (before: number): Promise<number> => {
      for (let events = 0; ; ) {
        const done = await store.ledger.prune({ before, maxBytes: Number.MAX_SAFE_INTEGER, limit: 50 });
        events += done.events;
        if (!done.more) return events;
      }
    };
    await save(T);
    for (let i = 0; i < 100; i++) await save(T + 1e12);
    for (let i = 1; i <= 300; i++) await save(T + i);
    expect(await prune(T + 200)).toBe(200);
    expect(await prune(T + 200)).toBe(0);
    expect(await prune(T + 301)).toBe(101);
    expect((await expectAgreement(store)).pruned).toBe(301);
  });

  it('takes what arrives at once in a few commits', async () => {
    const commits: number[] = [];
    await using store = await openSqliteStore({
      ...{ file, clock: new ManualClock() },
      report: ({ writes }) => commits.push(writes),
    });
    await Promise.all(Array.from({ length: 500 }, () => store.inbox.save(arrival())));
    expect(commits.reduce((sum, writes) => sum + writes, 0)).toBe(500);
    expect(commits.length).toBeLessThan(5);
  });

  it('recognises repeats of events that were each committed alone, after a restart', async () => {
    const arrivals = Array.from({ length: 600 }, () => arrival());
    const store = await open();
    for (const one of arrivals) await store.inbox.save(one);
    await store[Symbol.asyncDispose]();
    await using again = await open();
    for (const { event } of arrivals) {
      expect(await again.inbox.save(arrival({ key: event.key }))).toEqual({ kind: 'duplicate', id: event.id });
    }
    const db = new DatabaseSync(file, { readOnly: true });
    expect(db.prepare('SELECT count(*) AS n FROM keys').get()?.n).toBeLessThan(300);
    db.close();
  });

  it('refuses an event that cannot be stored, and no other of the same commit', async () => {
    await using store = await open();
    const receivedAt = [T, Number.NaN, T + 1, T + 0.5, T + 2];
    const all = await Promise.allSettled(receivedAt.map((at) => store.inbox.save(arrival({ receivedAt: at }))));
    expect(all.map((one) => one.status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'rejected', 'fulfilled']);
    expect(await expectAgreement(store)).toMatchObject({ accepted: 3 });
  });
});
