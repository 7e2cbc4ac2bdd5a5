/** Whatever is done to a store in whatever order, it does what the simple model does, and its sums agree after every step. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LeasedDelivery } from '../../src/model/delivery.ts';
import type { Store } from '../../src/stores/store.ts';
import {
  arrival,
  attempt,
  CONTINUED,
  claimOf,
  DEAD,
  DELIVERED,
  DROPPED,
  RELEASED,
  REQUESTS,
  retryAt,
  settlement,
} from './arrivals.ts';
import type { OpenStore } from './conformance.ts';
import { expectAgreement, LedgerModel } from './ledger-model.ts';

const T = Date.UTC(2026, 0, 1);
const TARGETS = ['shop', 'office'] as const;
const target = fc.constantFrom(...TARGETS);
const small = fc.nat({ max: 1000 });

const steps = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('save' as const),
      key: fc.nat({ max: 30 }),
      isIgnored: fc.boolean(),
      to: fc.array(
        fc.record({
          target,
          orderKey: fc.constantFrom(null, null, 'a', 'b'),
          isDead: fc.nat({ max: 5 }),
          isHeld: fc.boolean(),
        }),
        { maxLength: 3 },
      ),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('claim' as const),
      target,
      ordered: fc.boolean(),
      limit: fc.integer({ min: 1, max: 4 }),
      concurrency: fc.integer({ min: 1, max: 8 }),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('settle' as const),
      which: small,
      kind: fc.constantFrom('delivered', 'retry', 'dead', 'dropped', 'released', 'continued'),
      delay: small,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('replay' as const),
      which: fc.array(small, { maxLength: 4 }),
      retranslate: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('prune' as const), age: small }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('expire' as const), target, age: small }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('hasten' as const), target }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.nat({ max: 400 }) }) },
);
type Step = typeof steps extends fc.Arbitrary<infer S> ? S : never;

interface World {
  readonly store: Store;
  readonly model: LedgerModel;
  /** Every lease that was ever given out. */
  readonly leases: LeasedDelivery[];
  now: number;
}

export function propertyConformance(open: OpenStore): void {
  describe('any sequence of operations', () => {
    it('does what the model does', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(steps, { minLength: 20, maxLength: 80, size: 'max' }), async (sequence) => {
          const opened = await open();
          try {
            const world: World = { store: opened.store, model: new LedgerModel(), leases: [], now: T };
            for (const step of sequence) {
              await take(world, step);
              expect(await expectAgreement(world.store)).toEqual(world.model.balance());
              await expectDue(world);
            }
            await expectDeliveries(world);
          } finally {
            await opened.destroy();
          }
        }),
        { numRuns: 15 },
      );
    }, 60_000);
  });
}

async function take(world: World, step: Step): Promise<void> {
  const { store, model, leases } = world;
  switch (step.do) {
    case 'wait':
      world.now += step.ms;
      return;
    case 'save': {
      const one = arrival({
        ...{ key: `key ${step.key}`, receivedAt: world.now, holdUntil: world.now + 100 },
        ...(step.to.length === 0 ? { state: step.isIgnored ? 'ignored' : 'unmatched' } : {}),
        to: step.to.map((to) => ({
          target: to.target,
          orderKey: to.orderKey,
          dead: to.isDead === 0 ? DEAD.reason : null,
        })),
        hold: step.to.flatMap((to, index) => (to.isHeld ? [index + 1] : [])),
      });
      const answer = await store.inbox.save(one);
      const expected = model.save(one, answer);
      if (answer.kind === 'duplicate') expect(answer.id).toBe(expected.duplicate);
      else expect(answer.held.map((held) => held.delivery.id)).toEqual(expected.held);
      if (answer.kind === 'saved') leases.push(...answer.held);
      return;
    }
    case 'claim': {
      const { ordered, limit, concurrency } = step;
      const wanted = claimOf(step.target, world.now, { ordered, limit, concurrency, leaseUntil: world.now + 150 });
      const expected = model.claimable(wanted);
      const claimed = await store.queue.claim(wanted);
      expect(claimed).toHaveLength(expected.count);
      for (const one of claimed) expect(expected.ids).toContain(one.delivery.id);
      model.claim(claimed);
      leases.push(...claimed);
      return;
    }
    case 'settle': {
      const leased = leases[step.which % Math.max(1, leases.length)];
      if (!leased) return;
      const results = {
        delivered: DELIVERED,
        dead: DEAD,
        dropped: DROPPED,
        released: RELEASED,
        continued: CONTINUED,
        retry: retryAt(world.now + step.delay),
      };
      const what = settlement(leased, results[step.kind], { attempts: [attempt(leases.length)], requests: REQUESTS });
      expect(await store.queue.settle([what])).toEqual([model.settle(what)]);
      return;
    }
    case 'replay': {
      const all = model.deliveries;
      const ids = step.which.flatMap((which) => all[which % Math.max(1, all.length)]?.made.id ?? []);
      const replayed = model.replay(ids, world.now);
      const request = { ids, retranslate: step.retranslate, now: world.now };
      expect(await store.ledger.replay(request)).toMatchObject({ replayed });
      return;
    }
    case 'hasten': {
      const hastened = model.hasten(step.target, world.now);
      const request = { target: step.target, now: world.now, limit: 1000 };
      expect(await store.queue.hasten(request)).toEqual({ hastened, more: false });
      return;
    }
    case 'expire': {
      const request = {
        target: step.target,
        before: world.now - step.age,
        now: world.now,
        reason: DEAD.reason,
        limit: 1000,
      };
      const expired = model.expire(step.target, request.before, world.now);
      expect(await store.ledger.expire(request)).toEqual({ expired, more: false });
      return;
    }
    case 'prune': {
      const before = world.now - step.age;
      const expected = model.prune(before);
      let events = 0;
      for (let more = true; more; ) {
        const done = await store.ledger.prune({ before, maxBytes: Number.MAX_SAFE_INTEGER, limit: 3 });
        events += done.events;
        more = done.more;
      }
      expect(events).toBe(expected);
      return;
    }
    default:
      step satisfies never;
  }
}

async function expectDue({ store, model, now }: World): Promise<void> {
  const [due, expected] = [await store.queue.due(), model.due(now)];
  expect(new Set(due.keys())).toEqual(new Set(expected.keys()));
  for (const [name, at] of due) {
    expect(at).toBeGreaterThanOrEqual(expected.get(name)?.from ?? 0);
    expect(at).toBeLessThanOrEqual(expected.get(name)?.to ?? 0);
  }
}

async function expectDeliveries({ store, model }: World): Promise<void> {
  for (const { made, state, dueAt } of model.deliveries) {
    expect(await store.ledger.delivery(made.id)).toMatchObject({ id: made.id, state, dueAt, orderKey: made.orderKey });
  }
}
