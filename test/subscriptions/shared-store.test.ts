/** Two relays on one PostgreSQL: a subscriber of one is a subscriber of both, and both register once. */
import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startConsumer } from '../flow/consumer.ts';
import { createHome, startRelay } from '../flow/relay-process.ts';
import { type Server, startPostgres } from '../stores/start-postgres.ts';
import { startApiServer } from './api-server.ts';

let postgres: Server;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());

const headers = { authorization: `Basic ${btoa('an-id:a-secret-of-12')}`, 'content-type': 'application/json' };

it('lets a subscriber of one relay get what comes in at another, leave at either, and come in once', async () => {
  const api = await startApiServer();
  await using consumer = await startConsumer();
  using home = createHome('');
  writeFileSync(
    home.config,
    `
server: { host: 127.0.0.1, port: 0 }
admin: { host: 127.0.0.1, port: 0 }
store: ${await postgres.createDatabase()}
mappings: ../mappings
log: { format: json }
subscriptions: { token_id: an-id, token_secret: a-secret-of-12, allow_private: [127.0.0.0/8] }
sources:
  sigma:
    format: sigma
    register: { api: "${api.url}", token_id: id, token_secret: a-secret, uri: "https://relay.example.com/in/sigma" }
rules: [ { name: everyone, to: subscribers } ]
`,
  );
  const relays = await Promise.all([startRelay(home), startRelay(home)]);
  await using first = relays[0];
  await using second = relays[1];
  const call = async (relay: typeof first, method: string, suffix = '', body?: object) => {
    const options = { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) };
    return (await (await fetch(`${relay.serverUrl}/v1/webhook${suffix}`, options)).json()) as Record<string, unknown>;
  };

  const wanted = { uri: consumer.url, event: 'channel_live' };
  const created = await Promise.all(relays.flatMap((relay) => [0, 1].map(() => call(relay, 'POST', '', wanted))));
  expect(new Set(created.map(({ id }) => id)).size).toBe(4);
  for (const relay of relays) expect(await call(relay, 'GET')).toMatchObject({ total: 4 });

  const event = JSON.stringify({ event: 'channel_live', eventTime: 1_476_697_473_034, id: '5201198' });
  expect((await fetch(`${second.serverUrl}/in/sigma`, { method: 'POST', headers, body: event })).status).toBe(202);
  const ids = (await consumer.count(4)).map((request) => request.headers['webhook-id']);
  expect(new Set(ids).size).toBe(4);

  for (const { id } of created) expect(await call(first, 'DELETE', `/${id}`)).toEqual({});
  expect(await call(second, 'GET')).toMatchObject({ total: 0 });

  const registered = relays.map((relay) => relay.line(({ happening }) => happening === 'source.registration'));
  const results = (await Promise.all(registered)).map(({ result }) => result);
  expect(results.toSorted()).toEqual(['created', 'unchanged']);
  expect(api.webhooks).toHaveLength(1);
}, 60_000);
