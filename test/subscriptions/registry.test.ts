import { describe, expect, it } from 'vitest';
import type { AttemptNote } from '../../src/subscriptions/note-attempt.ts';
import type { Registry } from '../../src/subscriptions/registry.ts';
import { createRegistryRig, DAY_MS, type RegistryRig } from './rig.ts';

const URI = 'http://webhook.com';

async function createOne(registry: Registry, events: 'all' | readonly string[] = 'all', uri = URI): Promise<string> {
  const created = await registry.create({ uri, events });
  if (created.kind === 'full') throw new Error('full');
  return created.subscriber.id;
}

function note({ clock }: RegistryRig, status: number, changes: Partial<AttemptNote> = {}): AttemptNote {
  const outcome = status < 300 ? 'delivered' : 'retry';
  return { at: clock.now(), durationMs: 0, status, outcome, code: status < 300 ? '' : `HTTP_${status}`, ...changes };
}

describe('subscribers as targets', () => {
  it('makes each one a target of its own that may not be private', async () => {
    const { registry, settings } = createRegistryRig();
    settings.now = { ...(settings.now as NonNullable<typeof settings.now>), allowPrivate: ['10.0.0.0/8'] };
    await createOne(registry, 'all', `${URI}/a`);
    await createOne(registry, ['channel_live'], `${URI}/b`);
    const expected = { format: 'sigma', trust: 'subscriber', allowPrivate: ['10.0.0.0/8'], enabled: true };
    expect(registry.targets()).toMatchObject([
      { name: 'subscriber:100001', url: `${URI}/a`, ...expected },
      { name: 'subscriber:100002', url: `${URI}/b`, ...expected },
    ]);
    expect(registry.subscribed().map(({ name, events }) => [name, ...events])).toEqual([
      ['subscriber:100001', 'channel_live', 'channel_stop', 'channel_ended'],
      ['subscriber:100002', 'channel_live'],
    ]);
  });

  it('keeps the targets of the others as they are when one changes', async () => {
    const { registry } = createRegistryRig();
    const first = await createOne(registry);
    await createOne(registry);
    const [, before] = registry.targets();
    await registry.update(first, { uri: `${URI}/other`, events: 'all' });
    await registry.refresh();
    expect(registry.targets()[0]?.url).toBe(`${URI}/other`);
    expect(registry.targets()[1]).toBe(before);
  });

  it('has none while the configuration has no subscriptions, and the same ones afterwards', async () => {
    const { registry, settings, happened } = createRegistryRig();
    await createOne(registry);
    const { now } = settings;
    settings.now = null;
    registry.settingsChanged();
    expect([registry.targets(), registry.subscribed()]).toEqual([[], []]);
    settings.now = now;
    happened.length = 0;
    registry.settingsChanged();
    expect(registry.targets()).toHaveLength(1);
    expect(happened).toEqual(['changed']);
  });
});

describe('subscribers on several relays', () => {
  it('are seen by every relay within a second, whoever changed them', async () => {
    const { registry, another, clock } = createRegistryRig();
    const other = another();
    other.start();
    const id = await createOne(registry);
    await clock.advance(1000);
    expect(other.targets()).toEqual(registry.targets());
    await registry.update(id, { uri: `${URI}/2`, events: ['channel_live'] });
    await clock.advance(1000);
    expect(other.list()).toEqual(registry.list());
    await registry.remove(id, 'all');
    await clock.advance(1000);
    expect(other.targets()).toEqual([]);
  });

  it('are there after a restart', async () => {
    const { registry, another } = createRegistryRig();
    await createOne(registry);
    const restarted = another();
    await restarted.refresh();
    expect(restarted.list()).toEqual(registry.list());
  });

  it('get ids of their own, however many relays create at once', async () => {
    const { registry, another } = createRegistryRig();
    const registries = [registry, another(), another()];
    const ids = await Promise.all(Array.from({ length: 30 }, (_, i) => createOne(registries[i % 3] as Registry)));
    expect(new Set(ids).size).toBe(30);
    await registry.refresh();
    expect(registry.list()).toHaveLength(30);
  });

  it('are never more than the limit, however many relays create at once', async () => {
    const { registry, another, settings } = createRegistryRig();
    settings.now = { ...(settings.now as NonNullable<typeof settings.now>), limit: 5 };
    const registries = [registry, another(), another()];
    const create = (i: number) => (registries[i % 3] as Registry).create({ uri: URI, events: 'all' });
    const created = await Promise.all(Array.from({ length: 12 }, (_, i) => create(i)));
    await registry.refresh();
    const kept = created.filter(({ kind }) => kind === 'created').length;
    expect(registry.list()).toHaveLength(kept);
    expect(kept).toBeLessThanOrEqual(5);
  });

  it('have left where there was no place for them, so that nothing waits for them at a relay that saw them', async () => {
    const { registry, another, settings, shared, happened } = createRegistryRig();
    settings.now = { ...(settings.now as NonNullable<typeof settings.now>), limit: 1 };
    await Promise.all([registry, another(), another()].map((one) => one.create({ uri: URI, events: 'all' })));
    await registry.refresh();
    const given = Number(shared.rows.get('subscribers-next-id')?.value) - 100_001;
    const left = happened.filter((what) => what.startsWith('left')).length;
    expect([given > 1, left]).toEqual([true, given - registry.list().length]);
  });

  it('lose no change that two relays make at once', async () => {
    const { registry, another } = createRegistryRig();
    const other = another();
    const id = await createOne(registry);
    await Promise.all([registry.remove(id, ['channel_live']), other.remove(id, ['channel_stop'])]);
    await registry.refresh();
    expect(registry.subscribed().map(({ events }) => [...events])).toEqual([['channel_ended']]);
  });

  it('stay as they were while the store is away', async () => {
    const { registry, shared, clock } = createRegistryRig();
    registry.start();
    await createOne(registry);
    shared.isAway = true;
    await clock.advance(3000);
    expect(registry.targets()).toHaveLength(1);
    await expect(registry.create({ uri: URI, events: 'all' })).rejects.toThrow('the store is away');
    shared.isAway = false;
    const other = await createOne(registry);
    await clock.advance(1000);
    expect(registry.list().map(({ id }) => id)).toContain(other);
  });

  it('are read though something else stands among them', async () => {
    const { registry, shared } = createRegistryRig();
    await createOne(registry);
    await shared.put('subscriber/7', 'no JSON', 0);
    await shared.put('subscriber/8', '{"uri":1}', 0);
    await registry.refresh();
    expect(registry.list().map(({ id }) => id)).toEqual(['100001']);
  });
});

describe('switching off', () => {
  it('switches off after 410, tells everyone, and is over with an update', async () => {
    const rig = createRegistryRig();
    const { registry, another, happened, clock } = rig;
    const other = another();
    other.start();
    const id = await createOne(registry);
    const target = `subscriber:${id}`;
    await clock.advance(1000);
    registry.attempted(target, note(rig, 410));
    await clock.advance(1000);
    for (const one of [registry, other]) {
      expect(one.subscribed()).toEqual([]);
      expect(one.targets()).toMatchObject([{ name: target, enabled: false }]);
      expect(one.list()).toMatchObject([{ id, off: { code: 'HTTP_410' } }]);
    }
    await other.update(id, { uri: URI, events: 'all' });
    await registry.refresh();
    expect(registry.targets()).toMatchObject([{ enabled: true }]);
    expect(registry.subscribed()).toHaveLength(1);
    expect(happened.filter((one) => one !== 'changed')).toEqual([
      `created ${target}`,
      `switched_off ${target}`,
      `switched_on ${target}`,
      `renewed ${target} from off`,
    ]);
  });

  it('switches off what has failed for five days, restarts of the relay included', async () => {
    const rig = createRegistryRig();
    const id = await createOne(rig.registry);
    rig.registry.attempted(`subscriber:${id}`, note(rig, 500));
    await rig.clock.advance(5 * DAY_MS - 1);
    const restarted = rig.another();
    await restarted.refresh();
    restarted.attempted(`subscriber:${id}`, note(rig, 500));
    await rig.clock.advance(1);
    expect(restarted.list()).toMatchObject([{ off: null }]);
    restarted.attempted(`subscriber:${id}`, note(rig, 500));
    await rig.clock.advance(0);
    expect(restarted.list()).toMatchObject([{ off: { code: 'FAILED_TOO_LONG' } }]);
  });

  it('counts anew after a success', async () => {
    const rig = createRegistryRig();
    const { registry, clock } = rig;
    const target = `subscriber:${await createOne(registry)}`;
    for (const [status, days] of [
      [500, 4],
      [200, 1],
      [500, 4],
      [500, 0.5],
    ] as const) {
      registry.attempted(target, note(rig, status));
      await clock.advance(days * DAY_MS);
    }
    registry.attempted(target, note(rig, 500));
    await clock.advance(0);
    expect(registry.list()).toMatchObject([{ off: null }]);
  });

  it('writes once for a storm of failures, and not at all for successes of one that is well', async () => {
    const rig = createRegistryRig();
    const { registry, shared, clock } = rig;
    const target = `subscriber:${await createOne(registry)}`;
    const before = shared.puts;
    for (let i = 0; i < 100; i++) registry.attempted(target, note(rig, 200));
    await clock.advance(10);
    expect(shared.puts).toBe(before);
    for (let i = 0; i < 100; i++) registry.attempted(target, note(rig, 500));
    await clock.advance(10);
    for (let i = 0; i < 100; i++) registry.attempted(target, note(rig, 500));
    await clock.advance(10);
    expect(shared.puts).toBe(before + 1);
  });

  it('is made up for once the store answers again', async () => {
    const rig = createRegistryRig();
    const { registry, shared, clock, happened } = rig;
    registry.start();
    const target = `subscriber:${await createOne(registry)}`;
    shared.isAway = true;
    registry.attempted(target, note(rig, 410));
    await clock.advance(5000);
    expect(happened).toContain('failed the store is away');
    shared.isAway = false;
    await clock.advance(1000);
    expect(registry.list()).toMatchObject([{ off: { code: 'HTTP_410' } }]);
  });

  it('leaves alone who has updated meanwhile, targets of others, and who is gone', async () => {
    const rig = createRegistryRig();
    const { registry, clock } = rig;
    const id = await createOne(registry);
    await clock.advance(1000);
    await registry.update(id, { uri: URI, events: 'all' });
    registry.attempted(`subscriber:${id}`, note(rig, 410, { durationMs: 500, at: clock.now() }));
    registry.attempted('legacy-vod', note(rig, 410));
    registry.attempted('subscriber:7', note(rig, 410));
    await clock.advance(10);
    expect(registry.list()).toMatchObject([{ off: null }]);
  });
});

describe('leaving', () => {
  it('says so once, and never gives the id again', async () => {
    const { registry, happened } = createRegistryRig();
    const id = await createOne(registry);
    expect(await registry.remove(id, 'all')).toBe(true);
    expect(await registry.remove(id, 'all')).toBe(false);
    expect(await registry.update(id, { uri: URI, events: 'all' })).toBeUndefined();
    expect(happened.filter((one) => one.startsWith('left'))).toEqual([`left subscriber:${id}`]);
    expect(await createOne(registry)).not.toBe(id);
  });
});
