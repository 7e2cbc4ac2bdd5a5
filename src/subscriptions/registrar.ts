/** Registers the relay with the API servers of its sources: at start and when the configuration changes, until it has worked; then it looks again from time to time. */
import type { Clock, Timer } from '../kit/clock.ts';
import { createWebhookClient } from './client.ts';
import { registerWithRetry } from './register-with-retry.ts';
import type { Registered } from './registration.ts';
import type { RelayLock } from './relay-lock.ts';
import type { WantedEvents } from './subscriber.ts';
import { WebhookApiError } from './webhook-api.ts';

/** A source that wants to be registered somewhere. */
export interface Registration {
  readonly source: string;
  /** The API server's base URL, without a slash at its end. */
  readonly api: string;
  readonly tokenId: string;
  readonly tokenSecret: string;
  readonly uri: string;
  readonly events: WantedEvents;
}

export interface RegistrarPorts {
  /** Of the configuration of now. */
  registrations(): readonly Registration[];
  readonly eventTypes: readonly string[];
  readonly lock: RelayLock;
  readonly clock: Clock;
  report(facts: RegistrationFacts, failed: boolean): void;
  /** Milliseconds before the second try of a round; 1,000 by default. */
  readonly firstPauseMs?: number;
}

export interface RegistrationFacts {
  readonly source: string;
  readonly api: string;
  readonly result: Registered['result'] | 'failed';
  readonly webhook?: string;
  readonly duplicatesRemoved?: number;
  readonly code?: string;
  readonly error?: string;
  /** After which it is tried again. */
  readonly retryInMs?: number;
}

export interface Registrar {
  /** Begins, and returns at once; also after a change of the configuration: what is as it was is left alone. */
  configure(): void;
  /** Ends what is under way and tries no more. */
  stop(): void;
}

const FIRST_PAUSE_MS = 1000;
/** A round with all its tries is over by then. */
const ROUND_MS = 60_000;
const SHORTEST_WAIT_MS = 5000;
const LONGEST_WAIT_MS = 10 * 60_000;
/** What an API server has lost, or somebody has deleted there, is made again by then. */
export const LOOK_AGAIN_MS = 10 * 60_000;
/** Another relay is at it: it will have finished soon, and then there is nothing to do. */
const LOCKED_WAIT_MS = 5000;

export function createRegistrar(ports: RegistrarPorts): Registrar {
  const running = new Map<string, { readonly text: string; readonly stop: () => void }>();
  return {
    configure() {
      const wanted = new Map(ports.registrations().map((one) => [one.source, one]));
      for (const [source, one] of running) {
        if (textOf(wanted.get(source)) === one.text) continue;
        one.stop();
        running.delete(source);
      }
      for (const [source, registration] of wanted) {
        if (running.has(source)) continue;
        running.set(source, { text: textOf(registration), stop: follow(registration, ports) });
      }
    },
    stop() {
      for (const one of running.values()) one.stop();
      running.clear();
    },
  };
}

/** Tries with growing pauses until it has worked, then looks again and says what it had to mend; returns how to stop. */
function follow(registration: Registration, ports: RegistrarPorts): () => void {
  const { source, api } = registration;
  const abort = new AbortController();
  let failures = 0;
  let isRegistered = false;
  let timer: Timer | undefined;

  async function attempt(): Promise<void> {
    try {
      const registered = await oneRound(registration, { ports, stop: abort.signal });
      if (abort.signal.aborted) return;
      if (!registered) return again(LOCKED_WAIT_MS);
      const { result, id, removed } = registered;
      const duplicates = removed > 0 ? { duplicatesRemoved: removed } : {};
      const isNews = !isRegistered || result !== 'unchanged' || removed > 0;
      if (isNews) ports.report({ source, api, result, webhook: id, ...duplicates }, false);
      isRegistered = true;
      failures = 0;
      again(LOOK_AGAIN_MS);
    } catch (error) {
      if (abort.signal.aborted) return;
      isRegistered = false;
      const retryInMs = Math.min(SHORTEST_WAIT_MS * 2 ** failures++, LONGEST_WAIT_MS);
      ports.report({ source, api, result: 'failed', ...describe(error), retryInMs }, true);
      again(retryInMs);
    }
  }

  function again(ms: number): void {
    timer = ports.clock.after(ms, () => void attempt());
  }

  void attempt();
  return () => {
    timer?.cancel();
    abort.abort();
  };
}

/** Undefined where another relay is at it. */
async function oneRound(
  registration: Registration,
  { ports, stop }: { readonly ports: RegistrarPorts; readonly stop: AbortSignal },
): Promise<Registered | undefined> {
  const release = await ports.lock.take(`registration/${registration.source}`, 2 * ROUND_MS);
  if (!release) return undefined;
  const signal = AbortSignal.any([stop, AbortSignal.timeout(ROUND_MS)]);
  const { uri, events } = registration;
  try {
    return await registerWithRetry({
      client: createWebhookClient({ ...registration, signal }),
      wanted: { uri, events, eventTypes: ports.eventTypes },
      signal,
      firstPauseMs: ports.firstPauseMs ?? FIRST_PAUSE_MS,
    });
  } finally {
    await release().catch(() => undefined); // it runs out by itself
  }
}

function describe(error: unknown): { readonly code: string; readonly error: string } {
  if (error instanceof WebhookApiError) return { code: error.code, error: error.message };
  const { name, message } = error as Error;
  if (name === 'TimeoutError') return { code: 'TIMEOUT', error: `it took longer than ${ROUND_MS / 1000} s` };
  return { code: name === 'StoreUnavailable' ? 'STORE_UNAVAILABLE' : 'INTERNAL', error: message };
}

function textOf(registration: Registration | undefined): string {
  return JSON.stringify(registration) ?? '';
}
