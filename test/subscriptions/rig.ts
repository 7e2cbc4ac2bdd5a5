/** A registry on shared state in memory, with a hand-moved clock and a list of what has happened. */
import { onTestFinished } from 'vitest';
import {
  createRegistry,
  type Registry,
  type RegistryPorts,
  type RegistrySettings,
} from '../../src/subscriptions/registry.ts';
import { ManualClock } from '../kit/manual-clock.ts';
import { MemoryShared } from '../kit/memory-shared.ts';

export const EVENT_TYPES = ['channel_live', 'channel_stop', 'channel_ended'];
export const DAY_MS = 86_400_000;

export interface RegistryRig {
  readonly registry: Registry;
  readonly shared: MemoryShared;
  readonly clock: ManualClock;
  readonly settings: { now: RegistrySettings | null };
  readonly happened: string[];
  /** Another relay on the same store. */
  another(changes?: Partial<RegistryPorts>): Registry;
}

export function createRegistryRig(): RegistryRig {
  const shared = new MemoryShared();
  const clock = new ManualClock();
  const settings: RegistryRig['settings'] = {
    now: { format: 'sigma', allowPrivate: [], limit: 1000, switchOffAfterMs: 5 * DAY_MS },
  };
  const happened: string[] = [];
  const another: RegistryRig['another'] = (changes = {}) => {
    const registry = createRegistry({
      shared,
      clock,
      settings: () => settings.now,
      eventTypes: EVENT_TYPES,
      changed: () => happened.push('changed'),
      renewed: (target, wasOff) => happened.push(`renewed ${target}${wasOff ? ' from off' : ''}`),
      left: (target) => happened.push(`left ${target}`),
      report: (what, { target }) => happened.push(`${what} ${target}`),
      failed: (error) => happened.push(`failed ${(error as Error).message}`),
      ...changes,
    });
    onTestFinished(() => registry.stop());
    return registry;
  };
  return { registry: another(), shared, clock, settings, happened, another };
}
