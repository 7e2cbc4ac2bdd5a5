/** A relay in the test's own process, on a clock that is moved by hand; store, ports and connections are real. */
import type { Log } from '../../src/observe/log.ts';
import { type Relay, startRelay } from '../../src/relay.ts';
import { ManualClock } from '../kit/manual-clock.ts';
import type { RelayHome } from './relay-process.ts';

export interface RelayInProcess extends AsyncDisposable {
  readonly relay: Relay;
  readonly clock: ManualClock;
  readonly happened: readonly { readonly what: string; readonly [field: string]: unknown }[];
  /** Moves the clock on in steps until the condition holds. */
  advanceUntil(condition: () => boolean | Promise<boolean>, stepMs?: number): Promise<void>;
}

export async function startInProcess(home: RelayHome, clock = new ManualClock()): Promise<RelayInProcess> {
  const happened: { what: string }[] = [];
  const log: Log = {
    write: (_, what, fields) => void happened.push({ ...fields, what }),
    flush: () => undefined,
  };
  const relay = await startRelay({ configPath: home.config, env: {}, version: '1.2.3', createLog: () => log, clock });
  return {
    relay,
    clock,
    happened,
    async advanceUntil(condition, stepMs = 10) {
      while (!(await condition())) await clock.advance(stepMs);
    },
    async [Symbol.asyncDispose]() {
      let stopped = false;
      const stop = relay.stop('test').finally(() => {
        stopped = true;
      });
      while (!stopped) await clock.advance(100);
      await stop;
    },
  };
}
