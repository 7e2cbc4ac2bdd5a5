import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import { loadConfig } from '../../src/config/load.ts';
import { formats } from '../../src/formats/index.ts';
import { plainValue } from '../../src/kit/yaml.ts';
import { type Around, loadText, shortProblems } from './load.ts';

function configOf(text: string, around?: Around): Config {
  const loaded = loadText(text, around);
  expect(loaded.problems).toEqual([]);
  return loaded.config as Config;
}

describe('a configuration', () => {
  it('has a default for everything', () => {
    expect(configOf('{}')).toEqual({
      path: resolve('config/relay.yaml'),
      server: { host: '0.0.0.0', port: 8080, trustProxy: false, maxHeaderBytes: 16_384, graceMs: 10_000, maxHops: 3 },
      admin: { host: '127.0.0.1', port: 8081, token: null, allowedHosts: [], isLoopback: true },
      store: { kind: 'sqlite', file: resolve('data/dragoman.db') },
      mappingsDir: resolve('mappings'),
      retention: { ms: 30 * 86_400_000, bytes: 10e9 },
      params: {},
      sources: [],
      targets: [],
      rules: [],
      subscriptions: null,
      registrations: [],
      alarms: [],
      log: { level: 'info', format: 'auto' },
      inspector: { enabled: true, keep: 100 },
      places: { params: new Map(), orderBy: new Map(), same: new Map() },
    });
  });

  it.each([
    ['nothing', ''],
    ['blanks', ' \n\n  \n'],
    ['a byte order mark', '\ufeff'],
    ['comments', '\ufeff# sources:\n#   bsr: { format: bsr }\n'],
    ['a marker', '---\n# nothing yet\n...\n'],
    ['null', '~\n'],
  ])('refuses a file of %s, as an editor leaves it for a moment before it writes', (_, text) => {
    expect(shortProblems(loadText(text))).toEqual([
      '1:1 CONFIG_EMPTY | begin with sources, targets and rules, as the shipped config/relay.yaml does',
    ]);
  });

  it('takes an empty section for its defaults', () => {
    const sections = [
      'server',
      'admin',
      'retention',
      'params',
      'sources',
      'targets',
      'rules',
      'alarms',
      'log',
      'inspector',
    ];
    expect(configOf(sections.map((name) => `${name}:\n`).join(''))).toEqual(configOf('{}'));
  });

  it('is written as the reference shows it', () => {
    const { rules, sources, targets, params } = configOf(
      `
# yaml-language-server: $schema=./relay.schema.json
server:   { host: 0.0.0.0, port: 8080 }
admin:    { host: 127.0.0.1, port: 8081 }
store:    sqlite:data/dragoman.db
mappings: ../mappings
retention: { days: 30, size: 10GB }
params:   { media_base: "https://media.example.com" }
sources:
  bsr:
    format: bsr
    path: /in/bsr
    secret: \${env:BSR_SECRET}
    allow_from: [172.16.0.0/12]
targets:
  legacy-vod:
    format: remotemonster
    url: https://legacy.example.com/SLUG/
    headers: { x-tenant: vod }
    rate: 20/s
    retry: { quick: 3, schedule: [5s, 30s, 2m, 10m, 30m, 2h, 5h, 10h, 14h, 20h, 24h] }
    order_by: data.room_id
    sign: \${env:SIGNING_SECRET}
rules:
  - name: finished clips become record-done
    from: bsr
    on: clip.generated
    when: { ">": [ { var: data.length }, 60 ] }
    translate: bsr-to-remotemonster
    to: legacy-vod
`,
      { env: { BSR_SECRET: 'a-secret', SIGNING_SECRET: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' } },
    );
    expect([sources.length, targets.length, rules.length]).toEqual([1, 1, 1]);
    expect(params).toEqual({ media_base: 'https://media.example.com' });
  });

  it('gives a source and a target their defaults', () => {
    const { sources, targets } = configOf(
      'sources: { bsr: { format: bsr } }\ntargets: { vod: { format: remotemonster, url: "https://a.example.com/x?y=1" } }',
    );
    expect(sources).toEqual([
      {
        name: 'bsr',
        format: 'bsr',
        path: '/in/bsr',
        secrets: [],
        allowFrom: [],
        verify: null,
        rate: null,
        limits: { body: 2 ** 20, depth: 64, timeoutMs: 15_000, inFlight: 256 },
        options: {},
        enabled: true,
      },
    ]);
    const [s, m, h] = [1000, 60_000, 3_600_000];
    expect(targets).toEqual([
      {
        name: 'vod',
        format: 'remotemonster',
        url: 'https://a.example.com/x?y=1',
        headers: {},
        timeoutMs: 15_000,
        connectTimeoutMs: 5000,
        concurrency: 8,
        rate: null,
        retry: {
          quick: 3,
          schedule: [5 * s, 30 * s, 2 * m, 10 * m, 30 * m, 2 * h, 5 * h, 10 * h, 14 * h, 20 * h, 24 * h],
          retryOn: [],
          deadOn: [],
        },
        breaker: { failures: 5, pauseMs: 5000, longestMs: 600_000 },
        orderBy: null,
        sign: [],
        options: {},
        enabled: true,
        trust: 'configured',
        allowPrivate: [],
      },
    ]);
  });

  it('reads every key of a source', () => {
    const { sources, registrations } = configOf(`
sources:
  s:
    format: sigma
    path: /hooks/sigma/
    secret: [first-secret, second-secret]
    allow_from: 10.0.0.0/8
    rate: 100/m
    limits: { body: 2MiB, depth: 10, timeout: 1s, in_flight: 5 }
    verify: { kind: hmac, secret: shared-secret, header: X-Signature, algorithm: sha1, encoding: base64, prefix: "sha1=" }
    register: { api: "http://api.example.com/", token_id: id, token_secret: token-secret, uri: "https://r.example.com/in/s", events: [channel_live, channel_ended] }
  j: { format: json, type: { header: x-event }, id: order.id, enabled: false }
  w: { format: json, verify: { kind: standard-webhooks, secret: whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw } }
`);
    expect(sources[0]).toMatchObject({
      path: '/hooks/sigma',
      secrets: ['first-secret', 'second-secret'],
      allowFrom: ['10.0.0.0/8'],
      rate: { count: 100, perMs: 60_000 },
      limits: { body: 2 * 2 ** 20, depth: 10, timeoutMs: 1000, inFlight: 5 },
      verify: {
        kind: 'hmac',
        secrets: ['shared-secret'],
        header: 'x-signature',
        algorithm: 'sha1',
        encoding: 'base64',
        prefix: 'sha1=',
      },
    });
    expect(sources[1]).toMatchObject({ options: { type: { header: 'x-event' }, id: 'order.id' }, enabled: false });
    expect(sources[2]?.verify).toMatchObject({ kind: 'standard-webhooks', toleranceMs: 300_000 });
    expect(registrations).toMatchObject([
      {
        source: 's',
        api: 'http://api.example.com',
        tokenId: 'id',
        tokenSecret: 'token-secret',
        uri: 'https://r.example.com/in/s',
        events: ['channel_live', 'channel_ended'],
      },
    ]);
  });

  it('reads every key of a target', () => {
    const { targets } = configOf(`
targets:
  t:
    format: bsr
    version: documented
    url: inspector:t
    headers: { X-Tenant: vod }
    timeout: 500ms
    connect_timeout: 1s
    concurrency: 2
    rate: 20/s
    order_by: data.rooms[0].id
    sign: whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw
    retry: { quick: 1, schedule: [], retry_on: [404], dead_on: [503] }
    breaker: { failures: 2, pause: 1s, longest: 1m }
    enabled: false
`);
    expect(targets[0]).toMatchObject({
      url: 'inspector:t',
      headers: { 'x-tenant': 'vod' },
      timeoutMs: 500,
      connectTimeoutMs: 1000,
      concurrency: 2,
      rate: { count: 20, perMs: 1000 },
      orderBy: ['data', 'rooms', '0', 'id'],
      sign: ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
      retry: { quick: 1, schedule: [], retryOn: [404], deadOn: [503] },
      breaker: { failures: 2, pauseMs: 1000, longestMs: 60_000 },
      options: { version: 'documented' },
      enabled: false,
    });
  });

  it('reads rules, with one name or many', () => {
    const { rules } = configOf(`
sources: { bsr: { format: bsr }, j: { format: json } }
targets: { a: { format: remotemonster, url: inspector:a }, b: { format: json, url: inspector:b } }
rules:
  - { name: one, from: bsr, on: clip.generated, when: { "==": [{ var: data.title }, title] }, translate: x, to: a }
  - { name: two, on: [anything], to: [a, b], enabled: false }
  - { name: alarms, from: dragoman, on: source.silent, to: b }
`);
    expect(rules.map(({ when, at, translate, ...rest }) => rest)).toEqual([
      { name: 'one', from: ['bsr'], on: ['clip.generated'], to: ['a'], enabled: true },
      { name: 'two', from: null, on: ['anything'], to: ['a', 'b'], enabled: false },
      { name: 'alarms', from: ['dragoman'], on: ['source.silent'], to: ['b'], enabled: true },
    ]);
    const [one] = rules;
    expect(one?.when && plainValue(one.when)).toEqual({ '==': [{ var: 'data.title' }, 'title'] });
    expect(one?.translate).toMatchObject({ name: 'x', at: { line: 5, column: 106 } });
    expect(one?.at).toMatchObject({ line: 5, column: 5 });
  });

  it('reads subscriptions and alarms', () => {
    const { subscriptions, alarms } = configOf(`
sources: { bsr: { format: bsr } }
targets: { t: { format: sigma, url: inspector:t } }
subscriptions: { token_id: id, token_secret: long-enough, allow_private: [10.0.0.0/8] }
alarms:
  - { name: a, silent: { source: bsr }, repeat: 1h }
  - { name: b, silent: { source: [bsr], for: 30m } }
  - { name: c, unfinished: { source: bsr, started: record.started, ended: record.ended, same: data.live_id, within: 12h } }
  - { name: d, dead_letters: { above: 10 } }
  - { name: f, dead_letters: }
  - { name: g, silent: { source: bsr, for: "\${env:X:-usual}" } }
  - { name: e, breaker_open: { target: [t, subscribers], for: 10m }, enabled: false }
`);
    expect(subscriptions).toEqual({
      tokenId: 'id',
      tokenSecret: 'long-enough',
      format: 'sigma',
      allowPrivate: ['10.0.0.0/8'],
      limit: 1000,
      longestUrl: 2048,
      switchOffAfterMs: 5 * 86_400_000,
    });
    const own = { enabled: true, repeatMs: null };
    expect(alarms.map(({ at, ...rest }) => rest)).toEqual([
      { ...own, name: 'a', repeatMs: 3_600_000, kind: 'silent', sources: ['bsr'], forMs: 'usual' },
      { ...own, name: 'b', kind: 'silent', sources: ['bsr'], forMs: 1_800_000 },
      {
        ...own,
        name: 'c',
        kind: 'unfinished',
        source: 'bsr',
        started: 'record.started',
        ended: 'record.ended',
        same: ['data', 'live_id'],
        withinMs: 43_200_000,
      },
      { ...own, name: 'd', kind: 'dead-letters', above: 10, targets: null },
      { ...own, name: 'f', kind: 'dead-letters', above: 0, targets: null },
      { ...own, name: 'g', kind: 'silent', sources: ['bsr'], forMs: 'usual' },
      { ...own, name: 'e', enabled: false, kind: 'breaker-open', targets: ['t', 'subscribers'], forMs: 600_000 },
    ]);
  });

  it.each([
    ['sqlite:/var/lib/d.db', { kind: 'sqlite', file: '/var/lib/d.db' }],
    ['sqlite:///var/lib/d.db', { kind: 'sqlite', file: '/var/lib/d.db' }],
    ['sqlite:d.db', { kind: 'sqlite', file: resolve('config/d.db') }],
    ['postgres://u:p@h/d', { kind: 'postgres', url: 'postgres://u:p@h/d', pool: 10 }],
    ['{ url: "postgresql://h/d", pool: 50 }', { kind: 'postgres', url: 'postgresql://h/d', pool: 50 }],
  ])('keeps its events in %s', (written, store) => {
    expect(configOf(`store: ${written}\n`).store).toEqual(store);
  });

  it.each([
    ['false', false],
    ['0', false],
    ['2', 2],
    ['10.0.0.0/8', ['10.0.0.0/8']],
    ['[10.0.0.1, "::1"]', ['10.0.0.1', '::1']],
    ['"${env:ONE}"', 1],
    ['"${env:X:-0}"', false],
    ['"${env:X:-false}"', false],
    ['"${env:X:-10.0.0.0/8}"', ['10.0.0.0/8']],
  ])('believes the proxies of trust_proxy: %s', (written, trustProxy) => {
    const config = configOf(`server: { trust_proxy: ${written} }\n`, { env: { ONE: '1' } });
    expect(config.server.trustProxy).toEqual(trustProxy);
  });

  it.each([
    ['{ days: forever, size: unlimited }', { ms: null, bytes: null }],
    ['{ days: 1, size: 1GiB }', { ms: 86_400_000, bytes: 2 ** 30 }],
    ['{ days: "${env:D:-forever}", size: "${env:S:-unlimited}" }', { ms: null, bytes: null }],
    ['{ days: "${env:D:-7}", size: "${env:S:-2MiB}" }', { ms: 7 * 86_400_000, bytes: 2 ** 21 }],
  ])('keeps finished events for %s', (written, retention) => {
    expect(configOf(`retention: ${written}\n`).retention).toEqual(retention);
  });

  it('keeps params as they are, whole numbers beyond 2^53 too', () => {
    const { params } = configOf('params: { a: 1, b: [x, { c: true }], d: 9007199254740993, e: null }\n');
    expect(params).toEqual({ a: 1, b: ['x', { c: true }], d: 9007199254740993n, e: null });
  });

  it('cannot be changed, however deep', () => {
    const config = configOf('params: { a: { b: [1] } }\nsources: { bsr: { format: bsr } }\n');
    const frozen = (value: unknown): boolean =>
      typeof value !== 'object' || value === null || (Object.isFrozen(value) && Object.values(value).every(frozen));
    expect(frozen(config)).toBe(true);
  });

  it('is not there where there is no file', () => {
    const { config, problems } = loadConfig({ path: '/nowhere/relay.yaml', env: {}, formats });
    expect(config).toBeUndefined();
    expect(problems).toEqual([
      {
        code: 'CONFIG_NOT_FOUND',
        message: 'the configuration /nowhere/relay.yaml does not exist',
        try: '--config FILE',
      },
    ]);
  });

  it('is read or refused, whatever the text', () => {
    const word = fc.constantFrom(
      'server',
      'sources',
      'targets',
      'rules',
      'format',
      'bsr',
      'url',
      'to',
      'when',
      'retry',
      'alarms',
      'store',
      '__proto__',
      'constructor',
      '${env:A}',
      '${',
      '5',
      'null',
      'true',
      '[]',
      '{}',
      '"',
      ': ',
      '\n',
      '\n  ',
      '\n    ',
      '- ',
      ', ',
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 30 }), (words) => {
        const { config, problems } = loadText(words.join(''), { env: { A: 'x' } });
        expect(config === undefined).toBe(problems.length > 0);
        for (const problem of problems) expect(problem.try).toBeTruthy();
      }),
      { numRuns: 1000 },
    );
  });
});

describe('${env:…} and ${file:…}', () => {
  it('are filled in in text, numbers and switches alike', () => {
    const around = {
      env: { PORT: '9000', HOST: '127.0.0.1', ON: 'false', SIZE: '5MB' },
      files: { '/run/secrets/p': 'from-file\n' },
    };
    const config = configOf(
      'server: { host: "${env:HOST}", port: "${env:PORT}", grace: "${env:GRACE:-3s}" }\nretention: { size: "${env:SIZE}" }\nparams: { a: "x-${env:PORT}-${file:/run/secrets/p}", b: [{ c: "${env:HOST}" }] }\nsources: { bsr: { format: bsr, enabled: "${env:ON}" } }\n',
      around,
    );
    expect(config.server).toMatchObject({ host: '127.0.0.1', port: 9000, graceMs: 3000 });
    expect(config.retention.bytes).toBe(5e6);
    expect(config.params).toEqual({ a: 'x-9000-from-file', b: [{ c: '127.0.0.1' }] });
    expect(config.sources[0]?.enabled).toBe(false);
  });

  it('are filled in after the file is parsed, so that a value cannot add keys', () => {
    const around = { env: { A: 'x }\nserver: { port: 1 }\n# ${env:B}' } };
    const { params, server } = configOf('params: { a: "${env:A}" }\n', around);
    expect(params).toEqual({ a: 'x }\nserver: { port: 1 }\n# ${env:B}' });
    expect(server.port).toBe(8080);
  });

  it("are filled in in a rule's filter, whose operators and places stay", () => {
    const text =
      'sources: { bsr: { format: bsr } }\ntargets: { t: { format: bsr, url: inspector:t } }\nrules:\n  - name: one\n    to: t\n    when:\n      and:\n        - { "==": [{ var: data.room_id }, "${env:ROOM}"] }\n        - { "in": [{ var: "data.${env:FIELD:-title}" }, [a, "${file:/run/room}", 5, true, null]] }\n';
    const { config, problems, secrets } = loadText(text, {
      env: { ROOM: '92613' },
      files: { '/run/room': 'x-room\n' },
    });
    expect(problems).toEqual([]);
    const { when } = config?.rules[0] ?? {};
    expect(when && plainValue(when)).toEqual({
      and: [
        { '==': [{ var: 'data.room_id' }, '92613'] },
        { in: [{ var: 'data.title' }, ['a', 'x-room', 5, true, null]] },
      ],
    });
    const room = { at: { line: 8, column: 43 }, value: '92613' };
    const equal = { keyAt: { line: 8, column: 13 }, value: { items: [{ kind: 'map' }, room] } };
    expect(when).toMatchObject({
      entries: [{ keyAt: { line: 7, column: 7 }, value: { items: [{ entries: [equal] }, {}] } }],
    });
    expect(secrets).toEqual(['x-room', '92613']);
  });

  it('take defaults in defaults, and braces in pairs, as Docker Compose does', () => {
    const { params } = configOf(
      'params:\n  a: "${env:X:-{rec_id}.webm}"\n  b: "${env:X:-${env:Y:-z}}/"\n  c: "${env:X:-${env:A}-${env:A:-n}}!"\n  d: "${env:A:-${env:NOPE}}"\n  e: "${env:X:-${file:/run/x}}"\n  f: "${env:X:-}|${env:X:-a:-b}|${env:X:-{}}"\n',
      { env: { A: 'one' }, files: { '/run/x': 'two\n' } },
    );
    expect(params).toEqual({ a: '{rec_id}.webm', b: 'z/', c: 'one-one!', d: 'one', e: 'two', f: '|a:-b|{}' });
  });

  it('are text where their $ is doubled, which fills nothing in and hides nothing', () => {
    const text =
      'params:\n  a: "pre$${fix} $${env:A}"\n  b: "$$${env:A} $$$${env:A} ${env:X:-$${y}}"\n  c: "$${"\n  d: "$5 $$ $ {x} $$a"\n';
    const { config, problems, secrets } = loadText(text, { env: { A: 'value' } });
    expect(problems).toEqual([]);
    expect(config?.params).toEqual({
      a: 'pre${fix} ${env:A}',
      b: '$value $${env:A} ${y}',
      c: '${',
      d: '$5 $$ $ {x} $$a',
    });
    expect(secrets).toEqual(['value']);
    expect(loadText('params: { a: "$${env:A} of it" }\n', { env: { A: 'value' } }).secrets).toEqual([]);
  });

  it('are text in a secret, a number and a filter as anywhere', () => {
    const secret = loadText('sources: { bsr: { format: bsr, secret: "pa$${ss}word" } }\n');
    expect(secret.config?.sources[0]?.secrets).toEqual(['pa${ss}word']);
    expect(secret.secrets).toEqual(['pa${ss}word']);
    expect(shortProblems(loadText('server: { port: "$${env:PORT}" }\n', { env: { PORT: '1' } }))).toEqual([
      '1:17 CONFIG_WRONG_TYPE | a whole number, such as 0',
    ]);
    const rule = 'rules:\n  - { name: one, to: t, when: { "!=": [{ var: data.title }, "a $${b}"] } }\n';
    const sides = 'sources: { bsr: { format: bsr } }\ntargets: { t: { format: bsr, url: inspector:t } }\n';
    const { when } = configOf(sides + rule).rules[0] ?? {};
    expect(when && plainValue(when)).toEqual({ '!=': [{ var: 'data.title' }, 'a ${b}'] });
    expect(when).toMatchObject({ entries: [{ value: { items: [{}, { isFilled: false }] } }] });
  });

  it('leave keys as they are', () => {
    expect(configOf('params: { "${env:A}": 1 }\n').params).toEqual({ '${env:A}': 1 });
  });

  it('mean no secret only where that is said', () => {
    expect(configOf('sources: { bsr: { format: bsr, secret: "${env:S:-}" } }\n').sources[0]?.secrets).toEqual([]);
    const list = 'sources: { bsr: { format: bsr, secret: ["${env:A}", "${env:B:-}"] } }\n';
    expect(configOf(list, { env: { A: 'a-secret' } }).sources[0]?.secrets).toEqual(['a-secret']);
    const empty = loadText('sources: { bsr: { format: bsr, secret: "${env:S}" } }\n', { env: { S: '' } });
    expect(shortProblems(empty)).toEqual(['1:41 CONFIG_ENV_MISSING | setting S, or ${env:S:-default}']);
  });

  it('refuse a file that is empty', () => {
    const loaded = loadText('params: { a: "${file:/run/x}" }\n', { files: { '/run/x': '\n' } });
    expect(shortProblems(loaded)).toEqual(['1:15 CONFIG_FILE_MISSING | a file that can be read']);
  });
});

describe('secrets', () => {
  const canaries = {
    env: { A: 'canary-env', B: 'canary-url', WRONG: 'canary wrong!' },
    files: { '/run/x': 'canary-file\n' },
  };

  it('are told, so that they can be masked wherever text leaves', () => {
    const { secrets, problems } = loadText(
      `
admin: { token: canary-admin }
store: postgres://u:canary%2Dpg@h/d
params: { a: "\${env:A}", b: "\${file:/run/x}" }
sources:
  bsr: { format: bsr, secret: [canary-source], verify: { kind: hmac, secret: canary-hmac, header: x } }
targets:
  t:
    format: remotemonster
    url: "https://u:canary-pass@a.example.com/?token=canary-query&path=\${env:B}"
    headers: { x-api-key: canary-header, cookie: canary-cookie }
    sign: whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw
  u: { format: sigma, url: inspector:u, headers: { authorization: Bearer canary-bearer } }
subscriptions: { token_id: x, token_secret: canary-sub }
`,
      canaries,
    );
    expect(problems).toEqual([]);
    for (const canary of [
      'admin',
      'pg',
      'env',
      'file',
      'source',
      'hmac',
      'pass',
      'query',
      'url',
      'header',
      'cookie',
      'bearer',
      'sub',
    ]) {
      expect(secrets).toContain(`canary-${canary}`);
    }
    expect(secrets).toContain('canary%2Dpg');
    expect(secrets).toContain('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');
    expect(secrets.map(({ length }) => length).toSorted((a, b) => b - a)).toEqual(secrets.map(({ length }) => length));
  });

  it('are told as deliveries send them, where a percent sign in a URL escapes nothing', () => {
    const { secrets, problems } = loadText(
      'targets: { t: { format: bsr, url: "https://user:50%off%21@a.example.com/" } }\n',
    );
    expect(problems).toEqual([]);
    expect(secrets).toEqual(expect.arrayContaining(['50%off!', Buffer.from('user:50%off!').toString('base64')]));
  });

  it('are never repeated in a problem, whatever key they stand at', () => {
    const keys: readonly ((value: string) => string)[] = [
      (value) => `server: { host: ${value} }`,
      (value) => `server: { port: ${value} }`,
      (value) => `server: { grace: ${value} }`,
      (value) => `server: { max_headers: ${value} }`,
      (value) => `server: { trust_proxy: ${value} }`,
      (value) => `admin: { token: ${value}, host: 0.0.0.0, allowed_hosts: [${value}] }`,
      (value) => `store: ${value}`,
      (value) => `log: { level: ${value} }`,
      (value) => `retention: { days: ${value}, size: ${value} }`,
      (value) =>
        `sources: { s: { format: ${value}, path: ${value}, allow_from: ${value}, rate: ${value}, enabled: ${value} } }`,
      (value) => `sources: { s: { format: bsr, verify: { kind: ${value}, secret: ${value}, header: ${value} } } }`,
      (value) => `sources: { s: { format: json, type: { heder: ${value} } } }`,
      (value) =>
        `targets: { t: { format: bsr, url: ${value}, version: ${value}, sign: ${value}, order_by: ${value} } }`,
      (value) => `alarms: [{ name: a, silent: { source: s, for: ${value} } }]`,
    ];
    for (const key of keys) {
      const { problems } = loadText(key('"${env:WRONG}"'), canaries);
      expect(problems.length).toBeGreaterThan(0);
      expect(JSON.stringify(problems)).not.toContain('canary');
    }
    for (const secret of ['4711', '"ab"', '[4711]']) {
      const { problems } = loadText(`sources: { s: { format: bsr, secret: ${secret} } }`);
      expect(JSON.stringify(problems.map(({ message, try: advice }) => [message, advice]))).not.toMatch(/4711|"ab/);
    }
  });
});
