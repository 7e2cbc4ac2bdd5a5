import { describe, expect, it } from 'vitest';
import { createRejections } from '../../src/admin/rejections.ts';
import { ManualClock } from '../kit/manual-clock.ts';
import { MemoryShared } from '../kit/memory-shared.ts';

const refused = (code: string, source = 'bsr') => ({ source, code, status: 401, address: '10.0.0.1' });

describe('refused requests', () => {
  it('are counted by source and reason, the most frequent first, and listed newest first', async () => {
    const clock = new ManualClock();
    const rejections = createRejections({ clock, shared: new MemoryShared() });
    for (const code of ['SECRET_WRONG', 'BODY_TOO_LARGE', 'SECRET_WRONG']) {
      rejections.add(refused(code));
      await clock.advance(1000);
    }
    rejections.add(refused('SECRET_WRONG', 'sigma'));
    const { total, by_reason: byReason, items } = rejections.list({ limit: 2 });
    expect(total).toBe(4);
    expect(byReason).toMatchObject([
      { source: 'bsr', code: 'SECRET_WRONG', count: 2, last_at: '2026-01-01T00:00:02.000Z' },
      { source: 'bsr', code: 'BODY_TOO_LARGE', count: 1 },
      { source: 'sigma', code: 'SECRET_WRONG', count: 1 },
    ]);
    expect(items.map(({ source, at }) => [source, at])).toEqual([
      ['sigma', '2026-01-01T00:00:03.000Z'],
      ['bsr', '2026-01-01T00:00:02.000Z'],
    ]);
    expect(rejections.list({ source: 'sigma', limit: 9 }).items).toHaveLength(1);
    expect(rejections.list({ code: 'BODY_TOO_LARGE', limit: 9 }).by_reason).toHaveLength(1);
  });

  it('keep the last thousand, and the count of all', () => {
    const rejections = createRejections({ clock: new ManualClock(), shared: new MemoryShared() });
    for (let n = 0; n < 5000; n++) rejections.add(refused(n < 2500 ? 'OLD' : 'NEW'));
    const { total, items } = rejections.list({ limit: 5000 });
    expect(total).toBe(5000);
    expect(items).toHaveLength(1000);
    expect(new Set(items.map(({ code }) => code))).toEqual(new Set(['NEW']));
  });

  it('survive a restart', async () => {
    const clock = new ManualClock();
    const shared = new MemoryShared();
    const before = createRejections({ clock, shared });
    await before.start();
    before.add(refused('A'));
    await clock.advance(10_000);
    before.add(refused('A'));
    await before.stop();
    const after = createRejections({ clock, shared });
    await after.start();
    after.add(refused('B'));
    expect(after.list({ limit: 9 })).toMatchObject({ total: 3, items: [{ code: 'B' }, { code: 'A' }, { code: 'A' }] });
  });

  it('of several relays on one store come together, each counted once', async () => {
    const clock = new ManualClock();
    const shared = new MemoryShared();
    const relays = [createRejections({ clock, shared }), createRejections({ clock, shared })];
    for (const relay of relays) await relay.start();
    for (let round = 0; round < 5; round++) {
      for (const relay of relays) relay.add(refused('A'));
      await clock.advance(10_000);
    }
    for (const relay of relays) await relay.stop();
    const later = createRejections({ clock, shared });
    await later.start();
    expect(later.list({ limit: 99 })).toMatchObject({ total: 10, items: { length: 10 } });
  });

  it('are not lost while the store cannot be written', async () => {
    const clock = new ManualClock();
    const shared = new MemoryShared();
    const rejections = createRejections({ clock, shared });
    await rejections.start();
    shared.isAway = true;
    rejections.add(refused('A'));
    await clock.advance(30_000);
    expect(rejections.list({ limit: 9 }).total).toBe(1);
    shared.isAway = false;
    await clock.advance(10_000);
    expect(JSON.parse(shared.rows.get('rejections')?.value ?? '').items).toHaveLength(1);
    expect(rejections.list({ limit: 9 }).total).toBe(1);
  });
});
