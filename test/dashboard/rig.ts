/** A relay with something of everything on it: delivered, dropped, dead, waiting, refused, ignored and unmatched events. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import { type Consumer, startConsumer } from '../flow/consumer.ts';
import { createHome, type RelayHome, type RelayProcess, startRelay } from '../flow/relay-process.ts';
import { post } from '../flow/sender.ts';
import { launchBrowser } from './browser.ts';
import { ensureBuilt } from './build.ts';

/** What a sender of bad will would write, in each field that it can. */
export const HOSTILE = `"><img data-hostile src=x onerror=alert(1)><script data-hostile>alert(2)</script>`;

export interface Rig extends AsyncDisposable {
  readonly browser: Browser;
  readonly home: RelayHome;
  readonly relay: RelayProcess;
  readonly consumer: Consumer;
  /** Ids of stored events by what they show. */
  readonly ids: { readonly clip: string; readonly dead: string; readonly hostile: string };
  /** Sends an event and gives its id. */
  send(source: string, payload: unknown): Promise<string>;
  /** An answer of the admin API. */
  ask<T>(path: string): Promise<T>;
}

export async function startRig(): Promise<Rig> {
  ensureBuilt();
  const browser = await launchBrowser();
  const consumer = await startConsumer((request) =>
    request.url === '/down' ? { status: 503, body: HOSTILE, headers: { 'x-note': HOSTILE } } : 200,
  );
  const home = createHome(configOf(consumer.url));
  const relay = await startRelay(home);
  const send = async (source: string, payload: unknown): Promise<string> => {
    const { body } = await post(`${relay.serverUrl}/in/${source}`, JSON.stringify(payload), { 'user-agent': HOSTILE });
    return (JSON.parse(body || '{}') as { id?: string }).id ?? '';
  };
  const clip = sample('bsr', 'clip.generated');
  const ids = {
    clip: await send('bsr', clip),
    dead: await send('streamrec', sample('streamrec', 'upload_ready')),
    hostile: await send('shop', { kind: HOSTILE, id: HOSTILE, order: { [HOSTILE]: HOSTILE, list: [HOSTILE] } }),
  };
  await send('bsr', { ...sample('bsr', 'record.ended'), id: '00000000-0000-4000-8000-000000000001' });
  await send('sigma', sample('sigma', 'channel_ended'));
  await send('bsr', { id: 'x', event: 'no.such.event', payload: {}, timestamp: 1 });
  await send('bsr', { event: 'clip.generated' });
  await consumer.request(({ url }) => url === '/down');
  return {
    browser,
    home,
    relay,
    consumer,
    ids,
    send,
    ask: async <T>(path: string) => (await (await fetch(`${relay.adminUrl}${path}`)).json()) as T,
    async [Symbol.asyncDispose]() {
      await browser.close();
      relay.kill();
      await relay.exited;
      await consumer[Symbol.asyncDispose]();
      home.remove();
    },
  };
}

/** A documented event of a format, told by its discriminator. */
export function sample(format: string, type: string): Record<string, unknown> {
  const file = resolve(import.meta.dirname, `../fixtures/${format}/documented.jsonl`);
  const events = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line): Record<string, unknown> => JSON.parse(line));
  const found = events.find(({ event, status }) => event === type || status === type);
  if (!found) throw new Error(`there is no documented ${type} of ${format}`);
  return found;
}

/** JSON is YAML, and quotes what is hostile. */
function configOf(consumer: string): string {
  const config = {
    params: { media_base: 'https://media.example.com', recording_file: '{rec_id}.webm' },
    sources: {
      bsr: { format: 'bsr' },
      sigma: { format: 'sigma' },
      streamrec: { format: 'streamrec' },
      shop: { format: 'json', type: 'kind', id: 'id' },
    },
    targets: {
      'legacy-vod': { format: 'remotemonster', url: `${consumer}/hook` },
      'bsr-consumer': { format: 'bsr', url: `${consumer}/bsr`, version: 'documented' },
      'streamrec-consumer': { format: 'streamrec', url: `${consumer}/down`, retry: { quick: 1, schedule: ['1h'] } },
      archive: { format: 'bsr', url: 'inspector:archive' },
      shop: { format: 'json', url: 'inspector:shop' },
    },
    rules: [
      {
        name: 'clips',
        from: 'bsr',
        on: 'clip.generated',
        when: { '>': [{ var: 'data.length' }, 60] },
        to: 'legacy-vod',
      },
      { name: 'keep all', from: 'bsr', on: ['clip.generated', 'live.started'], to: 'archive' },
      { name: 'recordings', from: 'streamrec', to: 'bsr-consumer' },
      { name: 'broadcasts', from: 'sigma', to: 'streamrec-consumer' },
      { name: HOSTILE, from: 'shop', to: 'shop' },
    ],
  };
  return Object.entries(config)
    .map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`)
    .join('');
}
