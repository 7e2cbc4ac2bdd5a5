/** One round of registering: everything from the look to the change is tried again within seconds, together. */
import pRetry from 'p-retry';
import type { WebhookClient } from './client.ts';
import { ensureRegistered, type Registered, type WantedWebhook } from './registration.ts';
import { WebhookApiError } from './webhook-api.ts';

export interface Round {
  readonly client: WebhookClient;
  readonly wanted: WantedWebhook;
  readonly signal: AbortSignal;
  /** Milliseconds before the second try; each further pause is twice as long. */
  readonly firstPauseMs: number;
}

const RETRIES = 3;

/** Rejects with the last failure, or with the signal's reason. What seconds will not change is not tried again. */
export function registerWithRetry({ client, wanted, signal, firstPauseMs }: Round): Promise<Registered> {
  return withRetry(() => ensureRegistered(client, wanted), { signal, firstPauseMs });
}

export function withRetry<T>(
  work: () => Promise<T>,
  { signal, firstPauseMs }: Pick<Round, 'signal' | 'firstPauseMs'>,
): Promise<T> {
  return pRetry(work, {
    retries: RETRIES,
    minTimeout: firstPauseMs,
    signal,
    unref: true,
    shouldRetry: ({ error }) => error instanceof WebhookApiError && !error.isLasting,
  });
}
