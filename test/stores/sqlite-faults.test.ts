/** What the embedded store has kept when its process is killed, and how it goes on when the disk lets it write again. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../src/stores/sqlite/index.ts';
import type { Store } from '../../src/stores/store.ts';
import { ManualClock } from '../kit/manual-clock.ts';
import { arrival } from './arrivals.ts';
import { expectAgreement } from './ledger-model.ts';
import { acknowledged, type SavingProcess, startSaving } from './saving-process.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dragoman-faults-'));
  file = join(folder, 'relay.db');
});
afterEach(() => rm(folder, { recursive: true }));

const open = (): Promise<Store> => openSqliteStore({ file, clock: new ManualClock() });

async function expectAllOf(saving: SavingProcess, store: Store): Promise<void> {
  const saved = acknowledged(saving);
  for (const { id } of saved) expect((await store.ledger.event(id))?.id).toBe(id);
  const { accepted } = await expectAgreement(store);
  expect(accepted).toBeGreaterThanOrEqual(saved.length);
  // and each is still recognised as a repeat
  for (const { id, key } of saved.slice(-50)) {
    expect(await store.inbox.save(arrival({ key }))).toEqual({ kind: 'duplicate', id });
  }
}

describe('a relay that is killed', () => {
  it('has kept every event that it acknowledged, again and again', async () => {
    for (const [round, least] of [1, 400, 1500].entries()) {
      const saving = startSaving({ file, callers: 32, prefix: `${round}-` });
      let seen = 0;
      await saving.until((line) => line.startsWith('saved') && ++seen >= least);
      await saving.kill();
      await using store = await open();
      expect(acknowledged(saving).length).toBeGreaterThanOrEqual(least);
      await expectAllOf(saving, store);
    }
  });

  it.each(['before-commit:20', 'after-commit:20'])(
    'has kept every event that it acknowledged when it dies %s',
    async (crashAt) => {
      const saving = startSaving({ file, callers: 8, crashAt });
      expect(await saving.ended).toBe('SIGKILL');
      await using store = await open();
      const saved = acknowledged(saving);
      expect(saved.length).toBeGreaterThan(0);
      await expectAllOf(saving, store);
      const { accepted } = await store.ledger.balance();
      // what was committed but not yet acknowledged is there as well, and only then
      if (crashAt.startsWith('after')) expect(accepted).toBeGreaterThan(saved.length);
      else expect(accepted).toBe(saved.length);
    },
  );
});

describe('a disk that takes no more', () => {
  it('refuses what it cannot write, and goes on by itself once it can', async () => {
    const saving = startSaving({ file, callers: 4, fileLimitKb: 1500 });
    await saving.until((line) => line.startsWith('refused'));
    expect(saving.lines).toContain('refused StoreUnavailable');
    const savedBefore = acknowledged(saving).length;
    expect(savedBefore).toBeGreaterThan(0);
    execFileSync('prlimit', [`--pid=${saving.child.pid}`, '--fsize=unlimited']);
    await saving.until((line) => line.startsWith('saved'));
    let more = 0;
    await saving.until((line) => line.startsWith('saved') && ++more > 200);
    await saving.kill();
    await using store = await open();
    await expectAllOf(saving, store);
  });
});

describe('a file that is taken away from a relay', () => {
  const saved = async (store: Store): Promise<string> => {
    const one = arrival();
    expect((await store.inbox.save(one)).kind).toBe('saved');
    return one.event.id;
  };
  const refused = async (store: Store, name: string): Promise<void> => {
    for (const asked of [store.inbox.save(arrival()), store.check()]) {
      const message = expect.stringContaining(`${name} was deleted or replaced`);
      await expect(asked).rejects.toMatchObject({ name: 'StoreUnavailable', message });
    }
  };

  it('takes nothing that would be gone with the process, and goes on where the file is put back', async () => {
    await using store = await open();
    const ids = [await saved(store)];
    for (const instead of [undefined, 'another file']) {
      renameSync(file, `${file}.aside`);
      if (instead) writeFileSync(file, instead);
      await refused(store, file);
      renameSync(`${file}.aside`, file);
      await store.check();
      ids.push(await saved(store));
    }
    for (const id of ids) expect((await store.ledger.event(id))?.id).toBe(id);
    await expectAgreement(store);
  });

  it.each(['-wal', '-shm'])('has everything that it acknowledged in the database where %s was deleted', async (end) => {
    await using store = await open();
    const ids = await Promise.all(Array.from({ length: 20 }, () => saved(store)));
    await store.ledger.balance(); // somebody reads, too
    rmSync(`${file}${end}`);
    await refused(store, `${file}${end}`);
    const copied = `${file}.copy`;
    copyFileSync(file, copied);
    await using beside = await openSqliteStore({ file: copied, clock: new ManualClock() });
    for (const id of ids) expect((await beside.ledger.event(id))?.id).toBe(id);
    await expectAgreement(beside);
  });
});

// a disk of its own needs the right to mount one
if (canMount()) {
  describe('a disk that is full', () => {
    it('refuses what it cannot write, reads on, and goes on by itself once there is room', async () => {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', folder]);
      try {
        const store = await open();
        const body = new Uint8Array(20_000).fill(66);
        const saved: string[] = [];
        let refused: unknown;
        while (refused === undefined) {
          const one = arrival({ body });
          refused = await store.inbox.save(one).then(
            () => void saved.push(one.event.id),
            (error: unknown) => error,
          );
        }
        expect(refused).toMatchObject({ name: 'StoreUnavailable' });
        await expect(store.inbox.save(arrival({ body }))).rejects.toMatchObject({ name: 'StoreUnavailable' });
        const beside = store.inbox.save(arrival({ body }));
        const [, balance] = await Promise.allSettled([beside, store.ledger.balance()]);
        expect(balance, 'is read while a write beside it fails').toMatchObject({ status: 'fulfilled' });
        expect((await expectAgreement(store)).accepted).toBe(saved.length);
        execFileSync('mount', ['-o', 'remount,size=30m', folder]);
        await store.check();
        const again = arrival({ body });
        expect((await store.inbox.save(again)).kind).toBe('saved');
        for (const id of [...saved, again.event.id]) expect(await store.ledger.event(id)).toBeDefined();
        expect((await expectAgreement(store)).accepted).toBe(saved.length + 1);
        await store[Symbol.asyncDispose]();
      } finally {
        execFileSync('umount', [folder]);
      }
    });
  });
}

function canMount(): boolean {
  try {
    execFileSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'tmpfs', tmpdir()], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
