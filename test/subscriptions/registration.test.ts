import { describe, expect, it } from 'vitest';
import { createWebhookClient } from '../../src/subscriptions/client.ts';
import { registerWithRetry } from '../../src/subscriptions/register-with-retry.ts';
import { ensureRegistered, removeRegistration } from '../../src/subscriptions/registration.ts';
import type { WantedEvents } from '../../src/subscriptions/subscriber.ts';
import { type ApiServer, type Failure, type Habits, startApiServer } from './api-server.ts';
import { EVENT_TYPES } from './rig.ts';

const URI = 'https://relay.example.com/in/sigma';
const TOKEN = { tokenId: 'an-id', tokenSecret: 'a:secret' };

const clientOf = (server: ApiServer) => createWebhookClient({ api: server.url, ...TOKEN });
const wanted = (events: WantedEvents = 'all') => ({ uri: URI, events, eventTypes: EVENT_TYPES });
const register = (server: ApiServer, events?: WantedEvents) =>
  registerWithRetry({
    client: clientOf(server),
    wanted: wanted(events),
    signal: new AbortController().signal,
    firstPauseMs: 0,
  });

const HABITS: readonly [string, Habits][] = [
  ['bare replies', {}],
  ['wrapped replies', { replies: 'wrapped' }],
  ['wrapped replies with the total beside the list', { replies: 'flat' }],
  ['ids that are numbers', { idsAre: 'numbers' }],
  ['events as texts', { eventsAre: 'texts' }],
  ['`all` as it was given', { eventsAre: 'all' }],
  ['short pages', { mostOnPage: 2 }],
  ['short pages without a total', { mostOnPage: 2, saysTotal: false, replies: 'wrapped' }],
];

describe.each(HABITS)('at an API server with %s', (_, habits) => {
  it('creates once, and finds it afterwards among all the others', async () => {
    const server = await startApiServer(habits);
    for (let i = 0; i < 5; i++) server.add(`https://other.example.com/${i}`, 'channel_live');
    expect(await register(server)).toMatchObject({ result: 'created' });
    const { id } = server.webhooks.at(-1) as { id: number };
    for (let i = 0; i < 3; i++) {
      expect(await register(server)).toEqual({ result: 'unchanged', id: String(id), removed: 0 });
    }
    expect(server.webhooks.filter(({ uri }) => uri === URI)).toEqual([{ id, uri: URI, event: 'all' }]);
    expect([...server.authorizations]).toEqual([`Basic ${btoa('an-id:a:secret')}`]);
  });

  it('updates when the events differ, and takes further ones of its own away', async () => {
    const server = await startApiServer(habits);
    for (const event of ['channel_live', 'channel_stop', 'all']) server.add(URI, event);
    server.add('https://other.example.com', 'channel_live');
    expect(await register(server, ['channel_ended', 'channel_live'])).toMatchObject({ result: 'updated', removed: 2 });
    expect(server.webhooks.map(({ uri, event }) => [uri, event])).toEqual([
      [URI, 'channel_ended,channel_live'],
      ['https://other.example.com', 'channel_live'],
    ]);
    expect(await register(server, ['channel_live', 'channel_ended'])).toMatchObject({ result: 'unchanged' });
  });

  it('removes all of its own and nothing else', async () => {
    const server = await startApiServer(habits);
    for (const uri of [URI, 'https://other.example.com', URI]) server.add(uri, 'all');
    expect(await removeRegistration(clientOf(server), URI)).toBe(2);
    expect(server.webhooks.map(({ uri }) => uri)).toEqual(['https://other.example.com']);
    expect(await removeRegistration(clientOf(server), URI)).toBe(0);
  });
});

describe('whether the events differ', () => {
  it.each<[WantedEvents, string, boolean]>([
    ['all', 'all', true],
    ['all', 'channel_live,channel_stop,channel_ended', true],
    ['all', 'channel_live,channel_stop,channel_ended,channel_new', true],
    ['all', 'channel_live', false],
    [EVENT_TYPES, 'channel_live,channel_stop,channel_ended', true],
    [['channel_live'], 'channel_live', true],
    [['channel_live', 'channel_live'], 'channel_live', true],
    [['channel_live'], 'channel_live,channel_stop', false],
    [['channel_live', 'channel_stop'], 'channel_live', false],
    [['channel_live'], 'all', false],
    [['channel_live'], '', false],
  ])('wanting %s of one that has %s: %s', async (events, has, isSame) => {
    const server = await startApiServer({ eventsAre: 'all' });
    server.add(URI, has);
    const { result } = await ensureRegistered(clientOf(server), wanted(events));
    expect(result).toBe(isSame ? 'unchanged' : 'updated');
  });

  it('takes a URL in another spelling for the same', async () => {
    const server = await startApiServer();
    server.add('https://RELAY.example.com:443/in/sigma', 'all');
    expect(await register(server)).toMatchObject({ result: 'unchanged' });
  });
});

describe('an API server in trouble', () => {
  const down: Failure = { status: 503, body: '{"ec":503,"msg":"not now"}' };

  it.each<[string, RegExp, Failure]>([
    ['a failing list', /^GET/, down],
    ['a failing create', /^POST/, down],
    ['a create whose reply was lost', /^POST/, { status: 502, body: 'Bad Gateway', butDone: true }],
    ['a reply that is cut off', /^POST/, { status: 200, body: '{"id":', butDone: true }],
    ['being asked to wait', /^GET/, { status: 429 }],
  ])('is tried again after %s, and never creates twice', async (_, call, failure) => {
    const server = await startApiServer();
    server.failures.push({ call, failure });
    await register(server);
    expect(server.webhooks).toMatchObject([{ uri: URI }]);
  });

  it.each<[string, Failure, string, RegExp]>([
    ['a wrong token', { status: 401, body: '{"ec":1,"msg":"bad token"}' }, 'HTTP_401', /answered 401: bad token$/],
    ['a wrong path', { status: 404, body: '<h1>Not found</h1>' }, 'HTTP_404', /answered 404$/],
    ['a redirect', { status: 301 }, 'HTTP_301', /redirects are not followed$/],
    ['a refusal with status 200', { status: 200, body: '{"ec":7,"msg":"no\\nway"}' }, 'EC', /with ec 7: no way$/],
  ])('is not asked again within seconds after %s', async (_, failure, code, message) => {
    const server = await startApiServer();
    server.failures.push({ call: /^GET/, failure });
    const failed = await register(server).catch((error: unknown) => error);
    expect(failed).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(String(failed)).not.toMatch(/an-id|a:secret/);
    expect(server.calls).toHaveLength(1);
  });

  it.each<[string, string]>([
    ['text', 'hello'],
    ['a list of other things', '{"data":[{"name":"x"}],"total":1}'],
    ['no list', '{"webhooks":[]}'],
    ['null', 'null'],
  ])('that answers with %s is said to do so', async (_, body) => {
    const server = await startApiServer();
    for (let i = 0; i < 4; i++) server.failures.push({ call: /^GET/, failure: { status: 200, body } });
    await expect(register(server)).rejects.toMatchObject({ code: 'REPLY_MALFORMED' });
    expect(server.webhooks).toEqual([]);
  });

  it('that gives the same page again and again does not keep us for ever', async () => {
    const server = await startApiServer({ ignoresPage: true, saysTotal: false, mostOnPage: 2 });
    for (let i = 0; i < 3; i++) server.add(`https://other.example.com/${i}`, 'all');
    expect(await clientOf(server).list()).toHaveLength(2);
  });

  it('that is not there is said to be unreachable', async () => {
    const client = createWebhookClient({ api: 'http://127.0.0.1:9', ...TOKEN });
    await expect(client.list()).rejects.toMatchObject({
      code: 'ECONNREFUSED',
      message: 'http://127.0.0.1:9 cannot be reached (ECONNREFUSED)',
    });
  });

  it('counts a webhook that is gone already as deleted, and no other failure', async () => {
    const server = await startApiServer();
    await clientOf(server).remove('7');
    server.failures.push({ call: /^DELETE/, failure: down });
    await expect(clientOf(server).remove('7')).rejects.toMatchObject({ code: 'HTTP_503' });
  });
});
