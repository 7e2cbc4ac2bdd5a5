import { relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatProblem } from '../../src/kit/problem.ts';
import { loadText, shortProblems } from './load.ts';

/** What rules and alarms may refer to: five lines. */
const SOUND =
  'sources:\n  bsr: { format: bsr }\ntargets:\n  vod: { format: remotemonster, url: "https://legacy.example.com/x" }\n';

/** A mistake, the file that has it, and what is said of it: `line:column CODE | Try`. */
const MISTAKES: readonly (readonly [mistake: string, text: string, said: string])[] = [
  ['a key with a letter too many', 'serverr: { port: 1 }\n', '1:1 CONFIG_UNKNOWN_KEY | server'],
  [
    'a key that resembles none',
    'zookeeper: 1\n',
    '1:1 CONFIG_UNKNOWN_KEY | one of server, admin, store, mappings, retention, params, sources, targets, rules, subscriptions, alarms, log, inspector',
  ],
  ['an unknown key of a section', 'server: { prot: 8080 }\n', '1:11 CONFIG_UNKNOWN_KEY | port'],
  [
    'an unknown key of a source',
    'sources:\n  bsr: { format: bsr, sekret: abcdef }\n',
    '2:23 CONFIG_UNKNOWN_KEY | secret',
  ],
  [
    'an unknown key of a target',
    'targets:\n  vod: { format: remotemonster, url: "https://a.example.com", concurency: 3 }\n',
    '2:63 CONFIG_UNKNOWN_KEY | concurrency',
  ],
  [
    'an unknown key of a rule',
    `${SOUND}rules:\n  - { name: one, to: vod, form: bsr }\n`,
    '6:27 CONFIG_UNKNOWN_KEY | from',
  ],
  [
    'an unknown key two levels down',
    'targets:\n  vod: { format: remotemonster, url: "https://a.example.com", retry: { quik: 2 } }\n',
    '2:72 CONFIG_UNKNOWN_KEY | quick',
  ],
  ['a key that is there twice', 'server:\n  port: 1\n  port: 2\n', '3:3 YAML_DUPLICATE_KEY | one of the two'],
  ['a tag', 'server: { port: !int 1 }\n', '1:17 YAML_TAG | leaving it out, or the text in quotes'],
  ['a list where keys belong', 'server: [8080]\n', '1:9 CONFIG_WRONG_TYPE | key: value'],
  [
    'targets in a list, of which rules know',
    `sources: { bsr: { format: bsr } }\ntargets:\n  - vod: { format: remotemonster, url: "https://a.example.com" }\n  - { name: two, format: bsr, url: "https://b.example.com" }\nrules:\n  - { name: one, to: [vod, two] }\n`,
    '3:3 CONFIG_WRONG_TYPE | each name as a key, without the "-" before it',
  ],
  [
    'several names in one text',
    `${SOUND}rules:\n  - { name: one, from: bsr, on: "clip.generated, record.ended", to: vod }\n`,
    '6:33 RULE_UNKNOWN_EVENT | [clip.generated, record.ended]',
  ],
  [
    'a secret as a shell fills it in',
    'sources:\n  bsr: { format: bsr, secret: $BSR_SECRET }\n',
    '2:31 CONFIG_PLACEHOLDER | "${env:BSR_SECRET}"',
  ],
  ['text where keys belong', 'sources: bsr\n', '1:10 CONFIG_WRONG_TYPE | key: value'],
  ['the whole file is a list', '- server\n', '1:1 CONFIG_WRONG_TYPE | key: value'],
  ['a number in quotes', 'server: { port: "8080" }\n', '1:17 CONFIG_WRONG_TYPE | 8080'],
  ['a number with a fraction', 'server: { port: 80.5 }\n', '1:17 CONFIG_WRONG_TYPE | a whole number, such as 0'],
  ['a number out of range', 'server: { port: 70000 }\n', '1:17 CONFIG_OUT_OF_RANGE | 65535'],
  [
    'a negative number',
    'targets:\n  vod: { format: remotemonster, url: "https://a.example.com", concurrency: -1 }\n',
    '2:76 CONFIG_OUT_OF_RANGE | 1',
  ],
  ['a switch in words', 'sources:\n  bsr: { format: bsr, enabled: yes }\n', '2:32 CONFIG_WRONG_TYPE | true'],
  ['a switch in quotes', 'sources:\n  bsr: { format: bsr, enabled: "false" }\n', '2:32 CONFIG_WRONG_TYPE | false'],
  ['a key with nothing behind it', 'server:\n  port:\n', '2:8 CONFIG_NO_VALUE | a whole number, such as 0'],
  [
    'an allow list with nothing behind it',
    'sources:\n  bsr:\n    format: bsr\n    allow_from:\n',
    '4:16 CONFIG_NO_VALUE | 172.16.0.0/12',
  ],
  ['a word that is none of the choices', 'log: { level: inof }\n', '1:15 CONFIG_BAD_VALUE | info'],
  ['a number where a word belongs', 'log: { level: 3 }\n', '1:15 CONFIG_WRONG_TYPE | trace'],
  ['a host with a port', 'server: { host: "0.0.0.0:80" }\n', '1:17 CONFIG_BAD_HOST | host: 0.0.0.0 and port: 80'],
  [
    'a host that is a URL',
    'admin: { allowed_hosts: ["https://relay.example.com/"] }\n',
    '1:26 CONFIG_BAD_HOST | relay.example.com',
  ],
  [
    'a duration without a unit',
    'targets:\n  vod: { format: remotemonster, url: "https://a.example.com", timeout: 15 }\n',
    '2:72 CONFIG_WRONG_TYPE | 15s',
  ],
  [
    'a duration with a long unit',
    'targets:\n  vod: { format: remotemonster, url: "https://a.example.com", timeout: 15 sec }\n',
    '2:72 CONFIG_BAD_VALUE | 15s',
  ],
  [
    'a duration in weeks',
    'targets:\n  vod: { format: remotemonster, url: "https://a.example.com", retry: { schedule: [2 weeks] } }\n',
    '2:83 CONFIG_BAD_VALUE | 14d',
  ],
  [
    'a duration beyond its limit',
    'targets:\n  vod: { format: remotemonster, url: "https://a.example.com", timeout: 2h }\n',
    '2:72 CONFIG_OUT_OF_RANGE | 1h',
  ],
  ['a size with a strange unit', 'retention: { size: 10 gb }\n', '1:20 CONFIG_BAD_VALUE | 10GB'],
  ['a size that is too small', 'retention: { size: 1KB }\n', '1:20 CONFIG_OUT_OF_RANGE | 1MiB'],
  ['days in words', 'retention: { days: thirty }\n', '1:20 CONFIG_WRONG_TYPE | a whole number, such as 30, or forever'],
  ['days in quotes', 'retention: { days: "7" }\n', '1:20 CONFIG_WRONG_TYPE | 7'],
  ['no days', 'retention: { days: 0 }\n', '1:20 CONFIG_OUT_OF_RANGE | 1, or forever'],
  ['a mistyped word for all days', 'retention: { days: forevr }\n', '1:20 CONFIG_BAD_VALUE | forever'],
  ['a mistyped word for any size', 'retention: { size: unlimted }\n', '1:20 CONFIG_BAD_VALUE | unlimited'],
  ['a size in words', 'retention: { size: plenty }\n', '1:20 CONFIG_BAD_VALUE | 10GB, or unlimited'],
  ['a size with nothing behind it', 'retention:\n  size:\n', '2:8 CONFIG_NO_VALUE | 10GB, or unlimited'],
  [
    'days from outside that are none',
    'retention: { days: "${env:D:-forevr}" }\n',
    '1:20 CONFIG_WRONG_TYPE | another value for it, or forever',
  ],
  [
    'a rate in words',
    'targets:\n  vod: { format: remotemonster, url: "https://a.example.com", rate: 20 per second }\n',
    '2:69 CONFIG_BAD_VALUE | 20/s',
  ],
  [
    'a rate without a time',
    'targets:\n  vod: { format: remotemonster, url: "https://a.example.com", rate: "20" }\n',
    '2:69 CONFIG_BAD_VALUE | 20/s',
  ],
  [
    'an address that is none',
    'sources:\n  bsr: { format: bsr, allow_from: [172.16.0.0/12, 10.0.0.300] }\n',
    '2:51 CONFIG_BAD_ADDRESS | 172.16.0.0/12',
  ],
  [
    'a network that is too narrow',
    'sources:\n  bsr: { format: bsr, allow_from: 10.0.0.0/33 }\n',
    '2:35 CONFIG_BAD_ADDRESS | 10.0.0.0/24',
  ],
  ['trust in everybody', 'server: { trust_proxy: true }\n', '1:24 CONFIG_BAD_VALUE | 1 for one proxy in front'],
  ['trust in nobody, in other words', 'server: { trust_proxy: no }\n', '1:24 CONFIG_BAD_VALUE | false'],
  ['trust in a word', 'server: { trust_proxy: loopback }\n', '1:24 CONFIG_BAD_VALUE | false, 1, or 172.16.0.0/12'],
  [
    'trust in what is not set',
    'server: { trust_proxy: "${env:TP}" }\n',
    '1:25 CONFIG_ENV_MISSING | setting TP, or ${env:TP:-default}',
  ],
  ['a store without a kind', 'store: data/dragoman.db\n', '1:8 CONFIG_BAD_STORE | sqlite:data/dragoman.db'],
  ['a store in memory', 'store: "sqlite::memory:"\n', '1:8 CONFIG_BAD_STORE | sqlite:data/dragoman.db'],
  ['a store of another kind', 'store: mysql://localhost/x\n', '1:8 CONFIG_BAD_STORE | sqlite:data/dragoman.db'],
  [
    'a URL without a scheme',
    'targets:\n  vod: { format: remotemonster, url: legacy.example.com/x }\n',
    '2:38 CONFIG_BAD_URL | https://… with the scheme in front',
  ],
  [
    'a URL of another scheme',
    'targets:\n  vod: { format: remotemonster, url: "ftp://legacy.example.com" }\n',
    '2:38 CONFIG_BAD_URL | https:// for ftp://',
  ],
  [
    'a URL with a fragment',
    'targets:\n  vod: { format: remotemonster, url: "https://legacy.example.com/#x" }\n',
    '2:38 CONFIG_BAD_URL | the URL without #…',
  ],
  [
    'a URL that cannot be read',
    'targets:\n  vod: { format: remotemonster, url: "https://exa mple.com" }\n',
    '2:38 CONFIG_BAD_URL | https://example.com/hook',
  ],
  [
    'a URL of a metadata service',
    'targets:\n  vod: { format: remotemonster, url: "http://169.254.169.254/latest" }\n',
    '2:38 CONFIG_BAD_URL | another host',
  ],
  [
    'an inspector without a name',
    'targets:\n  vod: { format: remotemonster, url: "inspector:" }\n',
    '2:38 CONFIG_BAD_URL | inspector:my-name',
  ],
  ['no URL', 'targets:\n  vod: { format: remotemonster }\n', '2:8 CONFIG_MISSING_KEY | url: https://example.com/hook'],
  ['no format', 'sources:\n  bsr: { path: /in/bsr }\n', '2:8 CONFIG_MISSING_KEY | format: bsr'],
  ['a format that is none', 'sources:\n  bsr: { format: bsrr }\n', '2:18 CONFIG_UNKNOWN_FORMAT | bsr'],
  [
    'a target format that is none',
    'targets:\n  vod: { format: remotemonstre, url: "https://a.example.com" }\n',
    '2:18 CONFIG_UNKNOWN_FORMAT | remotemonster',
  ],
  ['a name that is none', 'sources:\n  my source: { format: bsr }\n', '2:3 CONFIG_BAD_NAME | my-source'],
  [
    'the name of the built-in source',
    'sources:\n  dragoman: { format: json }\n',
    '2:3 CONFIG_RESERVED_NAME | my-dragoman',
  ],
  [
    'the name of the built-in group',
    'targets:\n  subscribers: { format: sigma, url: "https://a.example.com" }\n',
    '2:3 CONFIG_RESERVED_NAME | my-subscribers',
  ],
  ['a path without a slash', 'sources:\n  bsr: { format: bsr, path: in/bsr }\n', '2:29 CONFIG_BAD_PATH | /in/bsr'],
  ['a path with a query', 'sources:\n  bsr: { format: bsr, path: "/in/bsr?x=1" }\n', '2:29 CONFIG_BAD_PATH | /in/bsr'],
  ['a path that climbs', 'sources:\n  bsr: { format: bsr, path: /in/../admin }\n', '2:29 CONFIG_BAD_PATH | /in/admin'],
  [
    'a path of the relay itself',
    'sources:\n  bsr: { format: bsr, path: /v1/webhook }\n',
    '2:29 CONFIG_RESERVED_PATH | /in/bsr',
  ],
  [
    'two sources on one path',
    'sources:\n  a: { format: bsr, path: /in/x }\n  b: { format: bsr, path: /in/x/ }\n',
    '3:27 CONFIG_DUPLICATE_PATH | /in/b',
  ],
  [
    'a source on the default path of another',
    'sources:\n  a: { format: bsr }\n  b: { format: bsr, path: /in/a }\n',
    '3:27 CONFIG_DUPLICATE_PATH | /in/b',
  ],
  [
    'an option that another format has',
    'sources:\n  bsr: { format: bsr, version: "2.16" }\n',
    '2:23 CONFIG_UNKNOWN_KEY | one of format, path, secret, allow_from, verify, rate, limits, register, enabled',
  ],
  [
    'an option with a wrong value',
    'targets:\n  b: { format: bsr, url: "https://a.example.com", version: "2.17" }\n',
    '2:60 CONFIG_BAD_OPTION | 2.15',
  ],
  [
    'an option of a wrong type',
    'sources:\n  j: { format: json, type: 5 }\n',
    '2:28 CONFIG_BAD_OPTION | text or keys and values',
  ],
  [
    'an option with an unknown key',
    'sources:\n  j: { format: json, type: { heder: x-event } }\n',
    '2:30 CONFIG_UNKNOWN_KEY | header',
  ],
  [
    'a secret that is a number',
    'sources:\n  bsr: { format: bsr, secret: 12345678 }\n',
    '2:31 CONFIG_WRONG_TYPE | ${env:NAME}',
  ],
  [
    'a secret that is empty',
    'sources:\n  bsr: { format: bsr, secret: "" }\n',
    '2:31 CONFIG_NO_VALUE | ${env:NAME}, or leaving the key out',
  ],
  [
    'a secret that can be guessed',
    'sources:\n  bsr: { format: bsr, secret: abc }\n',
    '2:31 CONFIG_WEAK_SECRET | a secret from `openssl rand -hex 16`',
  ],
  [
    'an empty list of secrets',
    'sources:\n  bsr: { format: bsr, secret: [] }\n',
    '2:31 CONFIG_OUT_OF_RANGE | 1 or more',
  ],
  [
    'a signature check without a kind',
    'sources:\n  bsr: { format: bsr, verify: { secret: abcdefgh } }\n',
    '2:31 CONFIG_MISSING_KEY | kind: standard-webhooks',
  ],
  [
    'a signature check without a header',
    'sources:\n  bsr: { format: bsr, verify: { kind: hmac, secret: abcdefgh } }\n',
    '2:31 CONFIG_MISSING_KEY | header: x-hub-signature-256',
  ],
  [
    'a signature check with a key of the other kind',
    'sources:\n  bsr: { format: bsr, verify: { kind: standard-webhooks, secret: whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw, header: x } }\n',
    '2:31 CONFIG_IDLE_KEY | leaving header out',
  ],
  [
    'a signing secret that is none',
    'targets:\n  vod: { format: remotemonster, url: "https://a.example.com", sign: my-secret-my-secret }\n',
    '2:69 CONFIG_BAD_SIGNING_SECRET | whsec_ and the output of `openssl rand -base64 32`',
  ],
  [
    'a signing secret that is too short',
    'targets:\n  vod: { format: remotemonster, url: "https://a.example.com", sign: whsec_c2hvcnQ= }\n',
    '2:69 CONFIG_BAD_SIGNING_SECRET | whsec_ and the output of `openssl rand -base64 32`',
  ],
  [
    'a header that the relay sets',
    'targets:\n  vod: { format: remotemonster, url: "https://a.example.com", headers: { Host: x } }\n',
    '2:80 CONFIG_OWN_HEADER | leaving it out',
  ],
  [
    'a header of deliveries',
    'targets:\n  vod: { format: remotemonster, url: "https://a.example.com", headers: { webhook-id: x } }\n',
    '2:86 CONFIG_OWN_HEADER | leaving it out',
  ],
  [
    'a header with a line break',
    'targets:\n  vod: { format: remotemonster, url: "https://a.example.com", headers: { x-a: "1\\r\\nx-b: 2" } }\n',
    '2:79 CONFIG_BAD_HEADER | another value',
  ],
  [
    'a header that is no header',
    'targets:\n  vod: { format: remotemonster, url: "https://a.example.com", headers: { "x a": "1" } }\n',
    '2:81 CONFIG_BAD_HEADER | x-tenant',
  ],
  [
    'a header that is a number',
    'targets:\n  vod: { format: remotemonster, url: "https://a.example.com", headers: { x-tenant: 5 } }\n',
    '2:84 CONFIG_WRONG_TYPE | "5"',
  ],
  [
    'one header twice',
    'targets:\n  vod: { format: remotemonster, url: "https://a.example.com", headers: { x-a: "1", X-A: "2" } }\n',
    '2:89 CONFIG_DUPLICATE_HEADER | one of them',
  ],
  [
    'two credentials',
    'targets:\n  vod: { format: remotemonster, url: "https://u:pw@a.example.com", headers: { Authorization: Bearer x } }\n',
    '2:94 CONFIG_TWO_CREDENTIALS | leaving one of them out',
  ],
  [
    'an order by no path',
    'targets:\n  vod: { format: remotemonster, url: "https://a.example.com", order_by: room_id }\n',
    '2:73 CONFIG_BAD_PATH | data.room_id',
  ],
  [
    'an order by a mistyped root',
    'targets:\n  vod: { format: remotemonster, url: "https://a.example.com", order_by: dta.room_id }\n',
    '2:73 CONFIG_BAD_PATH | data.room_id',
  ],
  [
    'an order by the root alone',
    'targets:\n  vod: { format: remotemonster, url: "https://a.example.com", order_by: data }\n',
    '2:73 CONFIG_BAD_PATH | data.room_id',
  ],
  [
    'an order by a path as mappings write it',
    'targets:\n  vod: { format: remotemonster, url: "https://a.example.com", order_by: "${data.files[0].id}" }\n',
    '2:73 CONFIG_BAD_PATH | data.files[0].id',
  ],
  [
    'an order by a field as mappings write it',
    'targets:\n  vod: { format: remotemonster, url: "https://a.example.com", order_by: "${ room_id }" }\n',
    '2:73 CONFIG_BAD_PATH | data.room_id',
  ],
  [
    'a pause longer than the longest',
    'targets:\n  vod: { format: remotemonster, url: "https://a.example.com", breaker: { pause: 20m } }\n',
    '2:3 CONFIG_OUT_OF_RANGE | a pause that is shorter than longest',
  ],
  [
    'a status both ways',
    'targets:\n  vod: { format: remotemonster, url: "https://a.example.com", retry: { retry_on: [400], dead_on: [400] } }\n',
    '2:3 CONFIG_CONTRADICTION | 400 under one of them',
  ],
  [
    'a status that is a success',
    'targets:\n  vod: { format: remotemonster, url: "https://a.example.com", retry: { retry_on: [200] } }\n',
    '2:83 CONFIG_OUT_OF_RANGE | 300',
  ],
  ['an unknown target', `${SOUND}rules:\n  - { name: one, to: vdo }\n`, '6:22 RULE_UNKNOWN_TARGET | vod'],
  ['an unknown source', `${SOUND}rules:\n  - { name: one, from: brs, to: vod }\n`, '6:24 RULE_UNKNOWN_SOURCE | bsr'],
  [
    'an unknown event',
    `${SOUND}rules:\n  - { name: one, from: bsr, on: [record.ended, clip.generate], to: vod }\n`,
    '6:48 RULE_UNKNOWN_EVENT | clip.generated',
  ],
  [
    'an event of another format',
    `${SOUND}rules:\n  - { name: one, from: bsr, on: channel_live, to: vod }\n`,
    '6:33 RULE_UNKNOWN_EVENT | one of recorder.added, recorder.removed, live.started, live.ended, record.started, record.ended, archive.deleted, clip.generated, clip.deleted',
  ],
  [
    'an unknown event of any source',
    `${SOUND}rules:\n  - { name: one, on: record.endd, to: vod }\n`,
    '6:22 RULE_UNKNOWN_EVENT | record.ended',
  ],
  [
    'subscribers where nobody can subscribe',
    `${SOUND}rules:\n  - { name: one, to: subscribers }\n`,
    '6:22 RULE_NO_SUBSCRIBERS | adding `subscriptions:`',
  ],
  [
    'a target twice',
    `${SOUND}rules:\n  - { name: one, to: [vod, vod] }\n`,
    '6:28 RULE_REPEATED_NAME | leaving one of them out',
  ],
  ['a rule without targets', `${SOUND}rules:\n  - { name: one, to: [] }\n`, '6:22 CONFIG_OUT_OF_RANGE | 1 or more'],
  [
    'a rule without a name',
    `${SOUND}rules:\n  - to: vod\n`,
    '6:5 CONFIG_MISSING_KEY | name: finished clips become record-done',
  ],
  ['a rule whose target is missing', `${SOUND}rules:\n  - name: one\n`, '6:5 CONFIG_MISSING_KEY | to: legacy-vod'],
  [
    'two rules of one name',
    `${SOUND}rules:\n  - { name: one, to: vod }\n  - { name: one, to: vod }\n`,
    '7:13 RULE_DUPLICATE_NAME | one 2',
  ],
  ['rules by name', `${SOUND}rules:\n  one: { to: vod }\n`, '6:3 CONFIG_WRONG_TYPE | a "-" before each'],
  [
    'an admin port that others can reach',
    'admin: { host: 0.0.0.0 }\n',
    '1:8 CONFIG_ADMIN_OPEN | token: ${env:DRAGOMAN_ADMIN_TOKEN}',
  ],
  [
    'an admin token that can be guessed',
    'admin: { host: 0.0.0.0, token: admin }\n',
    '1:32 CONFIG_WEAK_SECRET | a secret from `openssl rand -hex 16`',
  ],
  [
    'both ports the same',
    'server: { host: 0.0.0.0, port: 8081 }\nadmin: { port: 8081 }\n',
    '2:8 CONFIG_PORT_CLASH | port: 8082',
  ],
  [
    'a variable that is not set',
    'sources:\n  bsr: { format: bsr, secret: "${env:BSR_SECRET}" }\n',
    '2:32 CONFIG_ENV_MISSING | setting BSR_SECRET, or ${env:BSR_SECRET:-default}',
  ],
  [
    "a variable in the shell's spelling",
    'sources:\n  bsr: { format: bsr, secret: "${BSR_SECRET}" }\n',
    '2:32 CONFIG_PLACEHOLDER | ${env:BSR_SECRET}',
  ],
  [
    'a text that only looks like a placeholder',
    'params: { a: "pre${fix}" }\n',
    '1:18 CONFIG_PLACEHOLDER | ${env:NAME}, or $${fix} for the text itself',
  ],
  [
    'a secret that is the name of a variable as text',
    'sources:\n  bsr: { format: bsr, secret: "$${env:BSR_SECRET}" }\n',
    '2:31 CONFIG_PLACEHOLDER | "${env:BSR_SECRET}"',
  ],
  [
    'a variable in a wrong case',
    'sources:\n  bsr: { format: bsr, secret: "${ENV:BSR_SECRET}" }\n',
    '2:32 CONFIG_PLACEHOLDER | ${env:BSR_SECRET}',
  ],
  [
    'a variable that is never closed',
    'sources:\n  bsr: { format: bsr, secret: "${env:BSR_SECRET" }\n',
    '2:32 CONFIG_PLACEHOLDER | ${env:NAME}, or $${ for the text itself',
  ],
  [
    'a variable of a filter that is not set',
    `${SOUND}rules:\n  - { name: one, to: vod, when: { "==": [{ var: data.room_id }, "\${env:ROOM}"] } }\n`,
    '6:66 CONFIG_ENV_MISSING | setting ROOM, or ${env:ROOM:-default}',
  ],
  [
    'a path of a mapping in a filter',
    `${SOUND}rules:\n  - { name: one, to: vod, when: { "==": [{ var: data.room_id }, "\${params.room}"] } }\n`,
    '6:66 CONFIG_PLACEHOLDER | { var: params.room }',
  ],
  [
    'an expression of a mapping in a filter',
    `${SOUND}rules:\n  - { name: one, to: vod, when: { "==": [{ var: data.room_id }, "\${data.title? | lower}"] } }\n`,
    '6:66 CONFIG_PLACEHOLDER | { var: data.title }',
  ],
  [
    'a variable of a default that is not set',
    'params: { a: "x-${env:A:-y-${env:B}}" }\n',
    '1:28 CONFIG_ENV_MISSING | setting B, or ${env:B:-default}',
  ],
  [
    "a variable in the shell's spelling with another as its default",
    'params: { a: "${A:-${B:-c}}" }\n',
    '1:15 CONFIG_PLACEHOLDER | ${env:A:-${env:B:-c}}',
  ],
  ['a brace that is never closed', 'params: { a: "${env:A:-{b}.c" }\n', '1:15 CONFIG_PLACEHOLDER | a "}" for each "{"'],
  [
    'defaults that stand too deep in each other',
    `params: { a: "${'${env:A:-'.repeat(30)}${'}'.repeat(30)}" }\n`,
    '1:195 CONFIG_PLACEHOLDER | a default without defaults',
  ],
  [
    'a path of a mapping',
    'targets:\n  vod: { format: remotemonster, url: "https://a.example.com", headers: { x-room: "${data.room_id}" } }\n',
    '2:83 CONFIG_PLACEHOLDER | ${env:NAME}: paths are for mappings',
  ],
  [
    'a file that is missing',
    'sources:\n  bsr: { format: bsr, secret: "${file:/run/secrets/bsr}" }\n',
    '2:32 CONFIG_FILE_MISSING | a file that can be read',
  ],
  [
    'a file by a relative path',
    'sources:\n  bsr: { format: bsr, secret: "${file:secrets/bsr}" }\n',
    '2:32 CONFIG_FILE_MISSING | a file that can be read',
  ],
  [
    'subscriptions without a secret',
    'subscriptions: { token_id: x }\n',
    '1:16 CONFIG_MISSING_KEY | token_secret: ${env:NAME}',
  ],
  [
    'subscriptions with a secret that may be empty',
    'subscriptions: { token_id: x, token_secret: "${env:NOT_SET:-}" }\n',
    '1:45 CONFIG_NO_VALUE | a secret from `openssl rand -hex 16`',
  ],
  [
    'subscriptions of another format',
    'subscriptions: { token_id: x, token_secret: abcdefgh, format: bsr }\n',
    '1:63 CONFIG_BAD_VALUE | sigma',
  ],
  [
    'a token id that HTTP Basic would end at its colon',
    'subscriptions: { token_id: "team:1", token_secret: abcdefgh }\n',
    '1:28 CONFIG_BAD_VALUE | a token id without a colon',
  ],
  [
    'a token id for a registration that HTTP Basic would end at its colon',
    'sources:\n  s: { format: sigma, register: { api: "https://a.example.com", token_id: "a:b", token_secret: y, uri: "https://b.example.com" } }\n',
    '2:75 CONFIG_BAD_VALUE | a token id without a colon',
  ],
  [
    'an API server with the path that the relay adds',
    'sources:\n  s: { format: sigma, register: { api: "https://a.example.com/x/v1/webhook/", token_id: a, token_secret: y, uri: "https://b.example.com" } }\n',
    '2:40 CONFIG_BAD_URL | the URL without /v1/webhook',
  ],
  [
    'a registration of another format',
    'sources:\n  bsr: { format: bsr, register: { api: "https://a.example.com", token_id: x, token_secret: y, uri: "https://b.example.com" } }\n',
    '2:33 CONFIG_IDLE_KEY | format: sigma',
  ],
  [
    'a registration for an unknown event',
    'sources:\n  s: { format: sigma, register: { api: "https://a.example.com", token_id: x, token_secret: y, uri: "https://b.example.com", events: channel_liv } }\n',
    '2:133 RULE_UNKNOWN_EVENT | channel_live',
  ],
  [
    'an alarm without a condition',
    `${SOUND}alarms:\n  - { name: one, repeat: 1h }\n`,
    '6:5 ALARM_CONDITION | one of silent, unfinished, dead_letters, breaker_open',
  ],
  [
    'an alarm with two conditions',
    `${SOUND}alarms:\n  - { name: one, silent: { source: bsr }, dead_letters: { above: 1 } }\n`,
    '6:5 ALARM_CONDITION | one of silent, unfinished, dead_letters, breaker_open',
  ],
  [
    'an alarm about an unknown source',
    `${SOUND}alarms:\n  - { name: one, silent: { source: bsrr } }\n`,
    '6:36 ALARM_UNKNOWN_SOURCE | bsr',
  ],
  [
    'an alarm about an unknown target',
    `${SOUND}alarms:\n  - { name: one, breaker_open: { target: vood, for: 10m } }\n`,
    '6:42 ALARM_UNKNOWN_TARGET | vod',
  ],
  [
    'an alarm about an unknown event',
    `${SOUND}alarms:\n  - { name: one, unfinished: { source: bsr, started: record.start, ended: record.ended, same: data.live_id, within: 1h } }\n`,
    '6:54 ALARM_UNKNOWN_EVENT | record.started',
  ],
  [
    'a silence of an unknown length',
    `${SOUND}alarms:\n  - { name: one, silent: { source: bsr, for: usually } }\n`,
    '6:46 CONFIG_BAD_VALUE | usual',
  ],
];

describe('every mistake in the configuration is said once, at its place, with what to do', () => {
  it.each(MISTAKES)('%s', (_, text, said) => {
    const loaded = loadText(text);
    expect(shortProblems(loaded)).toEqual([said]);
    expect(loaded.config).toBeUndefined();
  });

  it('all of them at once, in the order of the file', () => {
    const loaded = loadText(
      'server: { port: "80", hots: x }\nsources:\n  bsr: { format: bsrr }\n  b: { format: bsr, secret: "${env:NOPE}" }\nrules:\n  - { name: r, from: x, to: y, enabled: 5 }\n',
    );
    expect(shortProblems(loaded).map((line) => line.split(' | ')[0])).toEqual([
      '1:17 CONFIG_WRONG_TYPE',
      '1:23 CONFIG_UNKNOWN_KEY',
      '3:18 CONFIG_UNKNOWN_FORMAT',
      '4:30 CONFIG_ENV_MISSING',
      '6:22 RULE_UNKNOWN_SOURCE',
      '6:29 RULE_UNKNOWN_TARGET',
      '6:41 CONFIG_WRONG_TYPE',
    ]);
  });

  it('keys that no format has, too, where the format is missing or is none', () => {
    const loaded = loadText(
      'sources:\n  bsr: { pth: /x, secrt: abcdefgh, type: x }\ntargets:\n  vod: { format: bsrr, url: "https://a.example.com", version: "2.16", versoin: 1, timout: 3, zookeeper: 1 }\n',
    );
    expect(shortProblems(loaded).slice(0, -1)).toEqual([
      '2:8 CONFIG_MISSING_KEY | format: bsr',
      '2:10 CONFIG_UNKNOWN_KEY | path',
      '2:19 CONFIG_UNKNOWN_KEY | secret',
      '4:18 CONFIG_UNKNOWN_FORMAT | bsr',
      '4:71 CONFIG_UNKNOWN_KEY | version',
      '4:83 CONFIG_UNKNOWN_KEY | timeout',
    ]);
    expect(shortProblems(loaded).at(-1)).toMatch(/^4:94 CONFIG_UNKNOWN_KEY \| one of format, url, headers, /);
  });

  it('a misspelt key once, and what stands there is read as what was meant', () => {
    const text = `source:
  bsr: { fromat: bsr, type: x }
targts:
  vod: { format: bsr, uri: "https://a.example.com", retry: { quik: none } }
rule:
  - { nam: all, form: bsr, to: vod, tanslate: bsr-to-bsr }
alarms:
  - { name: quiet, silnt: { sorce: bsrr } }
`;
    expect(shortProblems(loadText(text)).map((problem) => problem.replace(/(one of format).*/, '$1'))).toEqual([
      '1:1 CONFIG_UNKNOWN_KEY | sources',
      '2:10 CONFIG_UNKNOWN_KEY | format',
      '2:23 CONFIG_UNKNOWN_KEY | one of format',
      '3:1 CONFIG_UNKNOWN_KEY | targets',
      '4:23 CONFIG_UNKNOWN_KEY | url',
      '4:62 CONFIG_UNKNOWN_KEY | quick',
      '4:68 CONFIG_WRONG_TYPE | a whole number, such as 1',
      '5:1 CONFIG_UNKNOWN_KEY | rules',
      '6:7 CONFIG_UNKNOWN_KEY | name',
      '6:17 CONFIG_UNKNOWN_KEY | from',
      '6:37 CONFIG_UNKNOWN_KEY | translate',
      '8:20 CONFIG_UNKNOWN_KEY | silent',
      '8:29 CONFIG_UNKNOWN_KEY | source',
      '8:36 ALARM_UNKNOWN_SOURCE | bsr',
    ]);
  });

  it('in the form that a terminal and an editor understand', () => {
    const [problem] = loadText(`${SOUND}rules:\n  - { name: finished clips, to: vood }\n`).problems;
    expect(problem && formatProblem(problem)).toBe(
      'config/relay.yaml:6:33  rule "finished clips" sends to "vood", which is no target  [RULE_UNKNOWN_TARGET]\n  Try: vod',
    );
  });
});

describe('a folder of mappings', () => {
  const HERE: Readonly<Record<string, readonly string[]>> = {
    '.': ['config', 'mappings', 'maps.yaml', 'data'],
    config: ['relay.yaml'],
    data: [],
    mappings: [],
  };
  const FAULTS: Readonly<Record<string, string>> = { 'maps.yaml': 'ENOTDIR', locked: 'EACCES' };
  const readFolder = (path: string): readonly string[] => {
    const name = relative('.', path) || '.';
    const names = HERE[name];
    if (!names) throw Object.assign(new Error('no folder'), { code: FAULTS[name] ?? 'ENOENT' });
    return names;
  };

  it.each([
    ['../mapings', 'does not exist', '../mappings'],
    ['../maps.yaml', 'is no folder', '..'],
    ['../locked', 'may not be read by this user', '../mappings'],
    ['mappings', 'does not exist', '../mappings'],
    ['/nowhere/at/all', 'does not exist', '../mappings'],
    ['"${env:M:-../elsewhere}"', 'does not exist', 'another value for it'],
  ])('is named where it is written: %s', (written, why, advice) => {
    const loaded = loadText(`mappings: ${written}\n`, { readFolder });
    expect(shortProblems(loaded)).toEqual([`1:11 CONFIG_BAD_FOLDER | ${advice}`]);
    expect(loaded.problems[0]?.message).toBe(`the folder of mappings, ${written.replaceAll('"', '')}, ${why}`);
  });

  it('need not exist where it is not written, and has to be one where it does', () => {
    const failing = (code: string) => () => {
      throw Object.assign(new Error('no folder'), { code });
    };
    expect(shortProblems(loadText('{}', { readFolder: failing('ENOENT') }))).toEqual([]);
    expect(shortProblems(loadText('mappings: ../mappings\n', { readFolder: failing('ENOENT') }))).toEqual([
      '1:11 CONFIG_BAD_FOLDER | its path as seen from this file, or leaving the key out',
    ]);
    expect(shortProblems(loadText('{}', { readFolder: failing('EACCES') }))).toEqual([
      '1:1 CONFIG_BAD_FOLDER | a folder that can be read',
    ]);
  });
});

describe('a name that is taken', () => {
  it('is listed once where a rule names something unknown', () => {
    const text =
      'sources:\n  dragoman: { format: bsr }\ntargets:\n  subscribers: { format: remotemonster, url: "https://a.example.com" }\nrules:\n  - { name: one, from: zzzzzz, to: zzzzzz }\n';
    expect(shortProblems(loadText(text))).toEqual([
      '2:3 CONFIG_RESERVED_NAME | my-dragoman',
      '4:3 CONFIG_RESERVED_NAME | my-subscribers',
      '6:24 RULE_UNKNOWN_SOURCE | one of dragoman',
      '6:36 RULE_UNKNOWN_TARGET | one of subscribers',
    ]);
  });
});

describe('a file that cannot be read at all', () => {
  it('is said to be no UTF-8', () => {
    expect(shortProblems(loadText(Uint8Array.from([0x61, 0x3a, 0x20, 0xff])))).toEqual([
      '1:4 CONFIG_NOT_UTF8 | saving it as UTF-8',
    ]);
  });

  it('is said to be too large', () => {
    expect(shortProblems(loadText('#'.repeat(5 * 2 ** 20)))).toEqual(['1:1 CONFIG_TOO_LARGE | a shorter file']);
  });

  it('is said to be no YAML, and nothing else is said', () => {
    expect(shortProblems(loadText('server: { port: 1\nfoo: 1\n'))).toEqual(['1:9 YAML_SYNTAX | a } at its end']);
  });
});
