/** Two relays against each other: one serves the subscription API, the other registers there. */
import { describe, expect, it } from 'vitest';
import { run as deliveries } from '../../src/cli/deliveries.ts';
import { run as replay } from '../../src/cli/replay.ts';
import { run as subscribers } from '../../src/cli/subscribers.ts';
import { bsrSamples } from '../../src/formats/bsr/samples.ts';
import { startConsumer } from '../flow/consumer.ts';
import { createHome, type RelayProcess, startRelay } from '../flow/relay-process.ts';
import { openBeside, settledBalance } from '../flow/settled.ts';
import { command } from './command.ts';

const AUTHORIZATION = `Basic ${btoa('an-id:a-secret-of-12')}`;
const ALLOWED = '[127.0.0.0/8]';

/** Serves the API; what a BSR recorder and a Sigma server send reaches its subscribers. */
const serving = (allowPrivate = ALLOWED): string => `
subscriptions: { token_id: an-id, token_secret: a-secret-of-12, allow_private: ${allowPrivate} }
params: { media_base: "https://media.example.com" }
sources: { bsr: { format: bsr }, sigma: { format: sigma } }
rules: [ { name: everyone, to: subscribers } ]
`;

/** Registers there as \`uri\`, and passes on to a consumer that knows RemoteMonster. */
const registering = (api: string, uri: string, consumer: string, more = 'token_secret: a-secret-of-12'): string => `
sources: { sigma: { format: sigma, register: { api: "${api}", token_id: an-id, uri: "${uri}", ${more} } } }
targets: { consumer: { format: remotemonster, url: "${consumer}" } }
rules: [ { name: on, from: sigma, to: consumer } ]
`;

const samples = bsrSamples as Readonly<Record<string, readonly { readonly body?: string }[]>>;

async function post(relay: RelayProcess, path: string, body = ''): Promise<number> {
  return (
    await fetch(relay.serverUrl + path, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  ).status;
}

const bsr = (relay: RelayProcess, type: string) => post(relay, '/in/bsr', samples[type]?.at(-1)?.body);
const sigma = (relay: RelayProcess, event: string, eventTime = 1_476_697_473_034) =>
  post(relay, '/in/sigma', JSON.stringify({ event, eventTime, id: '5201198' }));

async function call(relay: RelayProcess, method: string, suffix = '', body?: object) {
  const reply = await fetch(`${relay.serverUrl}/v1/webhook${suffix}`, {
    method,
    headers: { authorization: AUTHORIZATION, 'content-type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  return { status: reply.status, body: (await reply.json()) as Record<string, unknown> };
}

const registered = (relay: RelayProcess, result: string) =>
  relay.line((line) => line.happening === 'source.registration' && line.result === result);

describe('two relays', { timeout: 60_000 }, () => {
  it('carry a recorder’s event to a consumer that knows neither of them, and register once over restarts of both', async () => {
    await using consumer = await startConsumer();
    using home = createHome(serving());
    using otherHome = createHome('');
    let server = await startRelay(home);
    let client = await startRelay(otherHome);
    try {
      const uri = `${client.serverUrl}/in/sigma`;
      otherHome.configure(registering(server.serverUrl, uri, consumer.url));
      client.kill('SIGHUP');
      await registered(client, 'created');
      expect(await bsr(server, 'live.started')).toBe(202);
      const [arrived] = await consumer.count(1);
      expect(arrived?.url).toBe('/?action=create&chid=bilibili_843610');

      client.kill();
      await client.exited;
      client = await startRelay(otherHome);
      await registered(client, 'unchanged');

      server.kill();
      await server.exited;
      server = await startRelay(home);
      const all = ['channel_live', 'channel_stop', 'channel_ended'];
      const webhook = { id: '100001', uri, event: all };
      expect((await call(server, 'GET')).body).toEqual({ data: [webhook], total: 1, length: 1, page: 0 });

      otherHome.configure(
        registering(server.serverUrl, uri, consumer.url, 'token_secret: a-secret-of-12, events: channel_live'),
      );
      client.kill('SIGHUP');
      await registered(client, 'updated');
      expect((await call(server, 'GET')).body).toMatchObject({
        data: [{ ...webhook, event: ['channel_live'] }],
        total: 1,
      });
    } finally {
      await Promise.all([server[Symbol.asyncDispose](), client[Symbol.asyncDispose]()]);
    }
  });

  it('start without each other: a wrong token is reported, put right and then used', async () => {
    await using consumer = await startConsumer();
    using home = createHome(serving());
    await using server = await startRelay(home);
    const uri = `${consumer.url}/in/sigma`;
    using otherHome = createHome(registering(server.serverUrl, uri, consumer.url, 'token_secret: another-secret'));
    await using client = await startRelay(otherHome);
    const line = await registered(client, 'failed');
    expect(line).toMatchObject({ source: 'sigma', code: 'HTTP_401', retryInMs: 5000 });
    expect(JSON.stringify(client.lines)).not.toContain('another-secret');
    otherHome.configure(registering(server.serverUrl, uri, consumer.url));
    client.kill('SIGHUP');
    await registered(client, 'created');
    expect((await call(server, 'GET')).body).toMatchObject({ total: 1 });
  });
});

describe('subscribers of a relay', { timeout: 60_000 }, () => {
  it('get the events that they asked for and no other, each on a line of its own', async () => {
    await using live = await startConsumer();
    await using all = await startConsumer();
    await using broken = await startConsumer(() => 500);
    using home = createHome(serving());
    await using relay = await startRelay(home);
    for (const [{ url }, event] of [
      [live, 'channel_live'],
      [all, 'all'],
      [broken, 'channel_live'],
    ] as const) {
      expect(await call(relay, 'POST', '', { uri: url, event })).toMatchObject({ status: 200 });
    }
    for (const event of ['channel_live', 'channel_stop', 'channel_ended']) await sigma(relay, event);
    await bsr(relay, 'live.started');
    await bsr(relay, 'live.ended');
    await all.count(5);
    await live.count(2);
    await broken.count(2);
    const events = ({ received }: typeof live) => received.map(({ body }) => JSON.parse(body).event).toSorted();
    expect(events(live)).toEqual(['channel_live', 'channel_live']);
    expect(events(all)).toEqual(['channel_ended', 'channel_live', 'channel_live', 'channel_stop', 'channel_stop']);
    expect(new Set(events(broken))).toEqual(new Set(['channel_live']));

    const [listed] = await command(deliveries, { config: home.config, target: 'subscriber:100001', limit: '10' });
    expect(listed).toMatchObject({ items: [{ state: 'delivered' }, { state: 'delivered' }] });
    const metrics = async () => (await fetch(`${relay.adminUrl}/metrics`)).text();
    const before = await metrics();
    for (const id of ['100001', '100002', '100003']) {
      expect(before).toMatch(new RegExp(`dragoman_attempts_total\\{target="subscriber:${id}"`));
    }
    await call(relay, 'DELETE', '/100001');
    await expect.poll(metrics).not.toContain('subscriber:100001');
    expect(await metrics()).toContain('subscriber:100002');
  });

  it('are listed without the credentials of their URLs', async () => {
    await using consumer = await startConsumer();
    using home = createHome(serving());
    await using relay = await startRelay(home);
    const uri = `${consumer.url.replace('://', '://user:pa55word@')}/hook?key=consumers-key`;
    await call(relay, 'POST', '', { uri, event: 'channel_live' });
    const [listed] = await command(subscribers, { config: home.config });
    expect(listed).toMatchObject({ uri: `${consumer.url}/hook?key=***` });
    const [row] = await command(subscribers, { config: home.config, json: false });
    expect(row).toMatch(/\?key=\*\*\*$/);
    expect(row).not.toContain('pa55word');
  });

  it('are switched off by 410, listed as such, and back with an update', async () => {
    let status = 410;
    await using consumer = await startConsumer(() => status);
    using home = createHome(serving());
    await using relay = await startRelay(home);
    const wanted = { uri: consumer.url, event: 'channel_live' };
    await call(relay, 'POST', '', wanted);
    await sigma(relay, 'channel_live');
    await relay.line(({ happening }) => happening === 'subscriber.switched_off');
    expect((await call(relay, 'GET', '/100001')).body).toEqual({ id: '100001', uri: consumer.url, event: [] });
    const [listed] = await command(subscribers, { config: home.config });
    expect(listed).toMatchObject({ target: 'subscriber:100001', off: { code: 'HTTP_410' }, events: ['channel_live'] });
    const [row] = await command(subscribers, { config: home.config, json: false });
    expect(row).toMatch(/^subscriber:100001 +off since .*410/);

    await sigma(relay, 'channel_live', 1_476_697_473_035);
    await relay.line(({ happening }) => happening === 'event.unmatched');
    status = 200;
    await call(relay, 'PUT', '/100001', wanted);
    await sigma(relay, 'channel_live', 1_476_697_473_036);
    await relay.line(({ happening }) => happening === 'delivery.delivered');
    expect(consumer.received.map(({ body }) => JSON.parse(body).eventTime)).toEqual([
      1_476_697_473_034, 1_476_697_473_036,
    ]);
  });

  it('leave nothing waiting behind when they go', async () => {
    await using consumer = await startConsumer(() => 500);
    using home = createHome(serving());
    await using relay = await startRelay(home);
    await call(relay, 'POST', '', { uri: consumer.url, event: 'all' });
    await sigma(relay, 'channel_live');
    await consumer.count(1);
    await call(relay, 'DELETE', '/100001');
    const balance = await settledBalance(home.database);
    expect(balance.deliveries).toMatchObject({ waiting: 0, expired: 1 });
  });

  it('leave nothing waiting behind where the relay that they left dies before the answer', async () => {
    await using consumer = await startConsumer({ hold: () => undefined });
    using home = createHome(serving());
    await using relay = await startRelay(home);
    await call(relay, 'POST', '', { uri: consumer.url, event: 'all' });
    await sigma(relay, 'channel_live');
    await consumer.count(1);
    await call(relay, 'DELETE', '/100001');
    relay.kill('SIGKILL');
    await relay.exited;
    await using _again = await startRelay(home);
    const balance = await settledBalance(home.database);
    expect(balance.deliveries).toMatchObject({ waiting: 0, expired: 1 });
  });

  it('leave nothing of what was known of their target behind when they go', async () => {
    await using consumer = await startConsumer(() => 410);
    using home = createHome(serving());
    await using relay = await startRelay(home);
    await using store = await openBeside(home.database);
    const known = async () => (await store.shared.list('target/')).map(({ key }) => key);
    await call(relay, 'POST', '', { uri: consumer.url, event: 'all' });
    await sigma(relay, 'channel_live');
    await expect.poll(known).toEqual(['target/subscriber:100001']);
    await call(relay, 'DELETE', '/100001');
    await expect.poll(known).toEqual([]);
  });

  it('may not live in a private network that the configuration does not name, or names no longer', async () => {
    await using consumer = await startConsumer();
    using home = createHome(serving());
    await using relay = await startRelay(home);
    await call(relay, 'POST', '', { uri: consumer.url, event: 'all' });
    home.configure(serving('[]'));
    relay.kill('SIGHUP');
    await relay.line(({ happening }) => happening === 'config.reloaded');
    for (const uri of [consumer.url, 'http://localhost/', 'http://[::1]/', 'http://169.254.169.254/']) {
      const { status, body } = await call(relay, 'POST', '', { uri, event: 'all' });
      expect({ uri, status, msg: body.msg }).toEqual({ uri, status: 422, msg: expect.stringMatching(/not a public/) });
    }
    await sigma(relay, 'channel_live');
    const dead = await relay.line(({ happening }) => happening === 'delivery.dead');
    expect(dead).toMatchObject({ target: 'subscriber:100001', code: 'ADDRESS_FORBIDDEN' });
    expect(consumer.received).toEqual([]);
    const options = { config: home.config, retranslate: true, dryRun: true };
    const [preview] = await command(replay, options, String(dead.delivery));
    expect(preview).toMatchObject({ target: 'subscriber:100001', nothing: null });
  });
});
