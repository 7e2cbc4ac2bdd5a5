import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OPERATIONS, type Operation } from '../../src/admin/api-schema.ts';
import { type Consumer, startConsumer } from '../flow/consumer.ts';
import { type AdminRun, clip, runAdmin } from './run-admin.ts';

/** Each in a place of its own; none is a part of another. */
const CANARY = {
  adminToken: 'canary-admin-3f9d1c',
  sourceSecret: 'canary-source-"7b2e\\a0',
  verifySecret: 'canary-verify-55ac10',
  urlUser: 'canary-user-91dd0e',
  urlPassword: 'canary-pass+/66f0aa',
  urlQuery: 'canary-query-0a77bc',
  header: 'canary-header-e2e2e2',
  signing: 'whsec_Y2FuYXJ5LXNpZ25pbmcta2V5LTEyMzQ1Njc4OTA=',
  param: 'canary-param-c0ffee',
};

let run: AdminRun;
let consumer: Consumer;
/** Everything that the admin port has said, by where. */
const said = new Map<string, string>();

beforeAll(async () => {
  // The target tells what it was told, as badly written ones do.
  consumer = await startConsumer(({ url, headers }) => ({
    status: 400,
    headers: { 'set-cookie': `session=${CANARY.header}`, 'x-echo': String(headers.authorization ?? '') },
    body: `no: ${url} ${JSON.stringify(headers)}`,
  }));
  const { host } = new URL(consumer.url);
  const user = encodeURIComponent(CANARY.urlUser);
  const password = encodeURIComponent(CANARY.urlPassword);
  run = await runAdmin({
    env: {
      ADMIN_TOKEN: CANARY.adminToken,
      SOURCE: CANARY.sourceSecret,
      VERIFY: CANARY.verifySecret,
      URL_WITH: `http://${user}:${password}@${host}/hook?key=${CANARY.urlQuery}`,
      USER_NAME: CANARY.urlUser,
      PASSWORD: CANARY.urlPassword,
      QUERY: CANARY.urlQuery,
      HEADER: CANARY.header,
      SIGNING: CANARY.signing,
      PARAM: CANARY.param,
    },
    admin: ', token: "${env:ADMIN_TOKEN}"',
    token: CANARY.adminToken,
    yaml: `
params: { media_base: "https://media.example.com/\${env:PARAM}", a: "\${env:USER_NAME}", b: "\${env:PASSWORD}", c: "\${env:QUERY}" }
sources:
  bsr: { format: bsr, secret: "\${env:SOURCE}" }
  signed: { format: json, verify: { kind: hmac, secret: "\${env:VERIFY}", header: x-signature } }
targets:
  vod: { format: remotemonster, url: "\${env:URL_WITH}", headers: { x-api-key: "\${env:HEADER}" }, sign: "\${env:SIGNING}" }
  seen: { format: remotemonster, url: "inspector:seen", headers: { x-api-key: "\${env:HEADER}" }, sign: "\${env:SIGNING}" }
rules:
  - { name: clips, from: bsr, on: clip.generated, to: [vod, seen] }
`,
  });
  const secret = encodeURIComponent(CANARY.sourceSecret);
  // The sender repeats its secrets where they do not belong.
  await run.send(`/in/bsr?secret=${secret}`, clip(1, { note: CANARY.sourceSecret, desc: CANARY.header }));
  await run.send(`/in/bsr?secret=${secret}x`, clip(2));
  await run.send('/in/signed', { key: CANARY.verifySecret });
  await run.until('/api/ledger', ({ events }) => events.waiting === 0);
  for (const [where, text] of await everything()) said.set(where, text);
}, 60_000);

afterAll(async () => {
  await run[Symbol.asyncDispose]();
  await consumer[Symbol.asyncDispose]();
});

async function everything(): Promise<[string, string][]> {
  const events: string[] = (await run.get('/api/events')).body.items.map(({ id }: { id: string }) => id);
  const deliveries: string[] = (await run.get('/api/deliveries')).body.items.map(({ id }: { id: string }) => id);
  const names: Readonly<Record<string, readonly string[]>> = {
    '/api/events/{id}': events,
    '/api/events/{id}/explain': events,
    '/api/deliveries/{id}': deliveries,
    '/api/targets/{name}/pause': ['vod'],
    '/api/targets/{name}/resume': ['vod'],
    '/api/targets/{name}/ping': ['vod', 'seen'],
    '/api/mappings/{name}': ['bsr-to-remotemonster'],
    '/api/mappings/{name}/tests': ['bsr-to-remotemonster'],
    '/api/inspect/{name}': ['seen'],
  };
  const event = { id: events[0] };
  const pair = { from: 'bsr', to: 'remotemonster' };
  const bodies: Readonly<Record<string, unknown>> = {
    '/api/replay': { ids: events, retranslate: true, dry_run: true },
    '/api/translate': { ...pair, event },
    '/api/check': { mapping_text: `from: ${CANARY.header}\nto: "${CANARY.sourceSecret.replaceAll(/["\\]/g, '\\$&')}"` },
    '/api/mappings/{name}/tests': { name: 'a test', event },
  };
  const answers: [string, string][] = [];
  for (const operation of Object.values<Operation>(OPERATIONS)) {
    if (operation.path === '/api/tail' || operation.method === 'delete') continue;
    for (const name of names[operation.path] ?? ['']) {
      const path = operation.path.replace(/\{\w+\}/, encodeURIComponent(name));
      const called = operation.method === 'get' ? await run.get(path) : await run.post(path, bodies[operation.path]);
      answers.push([`${operation.method} ${path}`, `${[...called.headers]}\n${called.text}`]);
    }
  }
  for (const path of [
    '/inspect',
    '/inspect/seen',
    '/inspect/seen?format=json',
    '/metrics',
    '/healthz',
    '/readyz',
    '/',
  ]) {
    answers.push([path, (await run.get(path)).text]);
  }
  answers.push(['tail', await tailOf()]);
  return answers;
}

/** What the tail says of one more event, from its acceptance to its end. */
async function tailOf(): Promise<string> {
  const abort = new AbortController();
  const response = await fetch(`${run.relay.adminUrl}/api/tail`, {
    headers: { authorization: `Bearer ${CANARY.adminToken}` },
    signal: abort.signal,
  });
  await run.send(`/in/bsr?secret=${encodeURIComponent(CANARY.sourceSecret)}`, clip(3, { note: CANARY.header }));
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk).toString();
    if ((text.match(/event: settled/g) ?? []).length >= 2) break;
  }
  abort.abort();
  return text;
}

describe('no secret leaves by the admin port', () => {
  it('has been asked everything', () => {
    expect(said.size).toBeGreaterThan(Object.keys(OPERATIONS).length);
    const detail = [...said].find(([where]) => /^get \/api\/events\/evt_\w+$/.test(where))?.[1] ?? '';
    expect(detail).toContain('"status":400');
    expect(detail).toContain('***');
  });

  it.each(Object.entries(CANARY))('not the %s', (_, canary) => {
    const spellings = [
      canary,
      encodeURIComponent(canary),
      JSON.stringify(canary).slice(1, -1),
      JSON.stringify(JSON.stringify(canary)).slice(3, -3),
      Buffer.from(canary).toString('base64').replace(/=+$/, ''),
    ];
    const leaks = [...said].filter(([, text]) => spellings.some((spelling) => text.includes(spelling)));
    expect(
      leaks.map(
        ([where, text]) =>
          `${where}: …${text.slice(Math.max(0, text.indexOf('canary') - 60), text.indexOf('canary') + 60)}`,
      ),
    ).toEqual([]);
  });

  it('not the credentials of a URL as they go over the wire', () => {
    const wire = Buffer.from(`${CANARY.urlUser}:${CANARY.urlPassword}`).toString('base64');
    expect(consumer.received[0]?.headers.authorization).toBe(`Basic ${wire}`);
    expect([...said].filter(([, text]) => text.includes(wire)).map(([where]) => where)).toEqual([]);
  });

  it('and a test that would hold one is not written', () => {
    const [, text] = [...said].find(([where]) => where.endsWith('/tests')) ?? [];
    expect(text).toContain('TEST_HOLDS_SECRET');
  });
});
