/** `dragoman register`: sees to it by hand that the webhooks of sources with `register:` exist at their API servers, or takes them away. */
import type { RegistrationConfig } from '../config/config.ts';
import { loadConfig } from '../config/load.ts';
import { formats } from '../formats/index.ts';
import { createWebhookClient } from '../subscriptions/client.ts';
import { withRetry } from '../subscriptions/register-with-retry.ts';
import { LOOK_AGAIN_MS } from '../subscriptions/registrar.ts';
import { ensureRegistered, removeRegistration } from '../subscriptions/registration.ts';
import { WebhookApiError } from '../subscriptions/webhook-api.ts';
import { problemFailure } from './problem-failure.ts';
import { SUBSCRIBABLE } from './stored-subscribers.ts';
import { counted, Failure, type Terminal } from './terminal.ts';

interface Input {
  readonly options: Record<string, unknown>;
  readonly terminal: Terminal;
}

const FIRST_PAUSE_MS = 500;
const DEADLINE_MS = 60_000;

export async function run({ options, terminal }: Input): Promise<void> {
  for (const registration of chosen(options)) {
    const done = await perform(registration, options.remove === true);
    if (options.json) terminal.json({ source: registration.source, api: registration.api, ...done });
    else terminal.print(`${registration.source}: ${sentence(done, registration)}`);
  }
}

type Done =
  | { readonly result: 'created' | 'updated' | 'unchanged'; readonly id: string; readonly removed: number }
  | { readonly result: 'removed'; readonly removed: number };

function chosen(options: Record<string, unknown>): readonly RegistrationConfig[] {
  const { config, problems } = loadConfig({ path: String(options.config), env: process.env, formats });
  if (!config) throw problemFailure(problems);
  const { registrations } = config;
  if (registrations.length === 0) throw new Failure('no source has register:', 'adding it to a source of format sigma');
  if (options.source === undefined) return registrations;
  const found = registrations.filter(({ source }) => source === options.source);
  if (found.length > 0) return found;
  const names = registrations.map(({ source }) => source).join(', ');
  throw new Failure(`source "${options.source}" has no register:`, names);
}

async function perform(registration: RegistrationConfig, remove: boolean): Promise<Done> {
  const signal = AbortSignal.timeout(DEADLINE_MS);
  const client = createWebhookClient({ ...registration, signal });
  const { uri, events, source } = registration;
  const work = async (): Promise<Done> =>
    remove
      ? { result: 'removed', removed: await removeRegistration(client, uri) }
      : ensureRegistered(client, { uri, events, eventTypes: SUBSCRIBABLE });
  try {
    return await withRetry(work, { signal, firstPauseMs: FIRST_PAUSE_MS });
  } catch (error) {
    if (error instanceof WebhookApiError) throw new Failure(`${source}: ${error.message}  [${error.code}]`);
    if (signal.aborted) throw new Failure(`${source}: it took longer than ${DEADLINE_MS / 1000} s  [TIMEOUT]`);
    throw error;
  }
}

function sentence(done: Done, { api, uri }: RegistrationConfig): string {
  const at = new URL(api).origin;
  const extra = done.removed > 0 ? `, ${done.removed} more with this URL deleted` : '';
  switch (done.result) {
    case 'created':
      return `created webhook ${done.id} at ${at}`;
    case 'updated':
      return `gave webhook ${done.id} at ${at} its events${extra}`;
    case 'unchanged':
      return `webhook ${done.id} at ${at} is as it should be${extra}`;
    case 'removed':
      return done.removed > 0
        ? `deleted ${counted(done.removed, 'webhook')} at ${at}; a relay whose source has register: makes it again within ${LOOK_AGAIN_MS / 60_000} minutes`
        : `there was no webhook for ${new URL(uri).origin} at ${at}`;
    default:
      return done satisfies never;
  }
}
