import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/kit/clock.ts';
import { openStore } from '../../../src/stores/open.ts';
import { backUp } from '../../../src/stores/sqlite/backup.ts';
import type { Store } from '../../../src/stores/store.ts';
import { arrival, claimOf, DEAD } from '../arrivals.ts';

let folder: string;
let file: string;
let to: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dragoman-'));
  file = join(folder, 'relay.db');
  mkdirSync(join(folder, 'backups'));
  to = join(folder, 'backups/monday.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (name = file): Promise<Store> => openStore({ kind: 'sqlite', file: name }, { clock: systemClock });
const LARGE = new Uint8Array(100_000).fill(32);

describe('backUp', () => {
  it('copies what was there at one moment, while more is written', async () => {
    await using store = await open();
    for (let i = 0; i < 200; i++) await store.inbox.save(arrival({ body: LARGE }));
    const later: Promise<unknown>[] = [];
    const steps: number[] = [];
    const { bytes, balance } = await backUp({
      ...{ file, to },
      progress: (copied, all) => {
        steps.push(copied / all);
        later.push(store.inbox.save(arrival()));
      },
    });
    await Promise.all(later);
    expect(steps.length).toBeGreaterThan(1);
    expect(steps).toEqual(steps.toSorted((a, b) => a - b));
    expect(balance.accepted).toBe(200);
    expect(bytes).toBe(statSync(to).size);
    expect((await store.ledger.balance()).accepted).toBe(200 + later.length);
    expect(readdirSync(join(folder, 'backups'))).toEqual(['monday.db']);
  });

  it('makes a file that a relay goes on with: what waited is sent, what was sent is a repeat', async () => {
    await using store = await open();
    await store.inbox.save(arrival({ key: 'k-1', hold: [1] }));
    await store.inbox.save(arrival({ key: 'k-2', to: [{ target: 'gone', dead: DEAD.reason }] }));
    const kept = await store.ledger.balance();
    await backUp({ file, to });

    await using restored = await open(to);
    expect(await restored.ledger.balance()).toEqual(kept);
    expect(await restored.ledger.recount()).toEqual(kept);
    expect(await restored.inbox.save(arrival({ key: 'k-2' }))).toMatchObject({ kind: 'duplicate' });
    const [leased] = await restored.queue.claim(claimOf('shop', systemClock.now()));
    expect(leased?.event.key).toBe('k-1');
  });

  it('keeps the rights of the file, and is for its own user alone while it grows', async () => {
    await using store = await open();
    for (let i = 0; i < 100; i++) await store.inbox.save(arrival({ body: LARGE }));
    chmodSync(file, 0o640);
    const growing = new Set<number>();
    await backUp({ file, to, progress: () => growing.add(statSync(`${to}.partial`).mode & 0o777) });
    expect([...growing]).toEqual([0o600]);
    expect(statSync(to).mode & 0o777).toBe(0o640);
  });

  it('writes over nothing', async () => {
    await (await open())[Symbol.asyncDispose]();
    writeFileSync(to, 'last week');
    await expect(backUp({ file, to })).rejects.toMatchObject({ code: 'BACKUP_EXISTS' });
    expect(statSync(to).size).toBe(9);
  });

  it('says where it cannot write, and what is wrong with the file, and leaves nothing', async () => {
    await expect(backUp({ file, to })).rejects.toMatchObject({ code: 'STORE_MISSING' });
    {
      await using store = await open();
      await Promise.all(Array.from({ length: 500 }, () => store.inbox.save(arrival())));
    }
    await expect(backUp({ file, to: join(folder, 'no/such.db') })).rejects.toMatchObject({
      code: 'BACKUP_FAILED',
      message: expect.stringContaining('no/such.db cannot be written'),
    });
    damage(file);
    await expect(backUp({ file, to })).rejects.toMatchObject({ code: 'STORE_CORRUPT' });
    expect(readdirSync(join(folder, 'backups'))).toEqual([]);
  });
});

const PAGE = 4096;

/** Spoils leaves in the middle of the file: what is looked at when it is opened stays whole. */
function damage(name: string): void {
  const bytes = readFileSync(name);
  for (let at = 40 * PAGE; at < bytes.length; at += PAGE) if (bytes[at] === 13 || bytes[at] === 10) bytes[at] = 0;
  writeFileSync(name, bytes);
}
