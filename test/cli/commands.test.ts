import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { formats } from '../../src/formats/index.ts';
import { startConsumer } from '../flow/consumer.ts';
import { createHome, DRAGOMAN, type RelayHome, startRelay } from '../flow/relay-process.ts';
import { post } from '../flow/sender.ts';
import { settledBalance } from '../flow/settled.ts';
import { runDragoman } from './run-dragoman.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const RULES = `
params: { media_base: "https://media.example.com" }
sources:
  bsr: { format: bsr }
targets:
  legacy-vod: { format: remotemonster, url: "http://127.0.0.1:9/" }
rules:
  - name: long clips
    from: bsr
    on: clip.generated
    when: { ">": [ { var: data.length }, 60 ] }
    to: legacy-vod
`;

let home: RelayHome;
beforeAll(() => {
  home = createHome(RULES);
});
afterAll(() => home.remove());

const sample = (type: string): string => formats.get('bsr')?.events[type]?.samples[0]?.body ?? '';
const dragoman = (args: readonly string[], stdin = '') =>
  runDragoman([...args, '--config', 'config/relay.yaml'], { cwd: home.folder, stdin });

describe('dragoman check', () => {
  it('says what a good configuration holds', async () => {
    expect(await dragoman(['check'])).toEqual({
      code: 0,
      out: 'ok  1 source, 1 target, 1 rule, 13 mappings\n',
      err: '',
    });
  });

  it('names every mistake at once with its place and the right word, and so does serve', async () => {
    const broken = createHome(RULES.replace('to: legacy-vod', 'to: legacy-vdo').replace('data.length', 'data.lenght'));
    try {
      const checked = await runDragoman(['check', '--config', broken.config], { cwd: broken.folder });
      expect(checked.code).toBe(1);
      expect(checked.out).toBe('');
      expect(checked.err).toMatch(
        /^Error: 2 problems in the configuration\nconfig\/relay\.yaml:16:27 {2}.*data\.lenght.*\n {2}Try: data\.length\nconfig\/relay\.yaml:17:9 {2}.*"legacy-vdo".* {2}\[RULE_UNKNOWN_TARGET\]\n {2}Try: legacy-vod\n$/,
      );
      expect(await runDragoman(['serve', '--config', broken.config], { cwd: broken.folder })).toEqual(checked);
    } finally {
      broken.remove();
    }
  });

  it('tells of a mapping that a mistake in another file leaves without its params', async () => {
    const lacking = createHome(RULES.replace(/params:.*\n/, ''));
    try {
      const { code, err } = await runDragoman(['check', '--config', lacking.config], { cwd: lacking.folder });
      expect(code).toBe(1);
      expect(err).toContain('[CONFIG_MISSING_PARAM]');
      expect(err).toContain('Try: add media_base under params');
    } finally {
      lacking.remove();
    }
  });
});

describe('dragoman explain', () => {
  it('refuses a payload that is no UTF-8, as the door does', async () => {
    using own = createHome(RULES);
    writeFileSync(`${own.folder}/payload.json`, Buffer.from('{"type":"clip.generated","title":"\xe9"}', 'latin1'));
    const args = ['explain', '--source', 'bsr', '--config', own.config, `${own.folder}/payload.json`];
    const { code, err } = await runDragoman(args);
    expect({ code, err }).toEqual({
      code: 1,
      err: `Error: ${own.folder}/payload.json is not UTF-8 text\n  Try: saving it as UTF-8\n`,
    });
  });

  it('names the condition that kept an event back, with the values', async () => {
    const short = sample('clip.generated').replace('"length":121', '"length":42');
    const { code, out } = await dragoman(['explain', '--source', 'bsr', '-'], short);
    expect(code).toBe(0);
    expect(out).toContain('✘ rule "long clips":');
    expect(out).toMatch(/data\.length = 42, 60/);
    expect(out).toContain('No rule matches today, so nothing is sent.');
  });

  it('shows every condition with its values, of a filter that has several and of one that holds', async () => {
    using own = createHome(
      RULES.replace(
        /when: .*/,
        `when:
      or:
        - { "!": [ { in: [ { var: data.room_id }, ["1", "27183290"] ] } ] }
        - and: [ { exists: data.room_id }, { ">": [ { var: data.length }, 60 ] } ]`,
      ),
    );
    const explain = async (payload: string) => {
      const args = ['explain', '--source', 'bsr', '--config', own.config];
      return (await runDragoman(args, { cwd: own.folder, stdin: payload })).out.split('\n');
    };
    const clip = sample('clip.generated');
    expect((await explain(clip)).slice(2, 9)).toEqual([
      '✔ rule "long clips": its filter holds',
      '  or (false, true) is true  (17:7)',
      '    ! (true) is false  (18:13)',
      '      in (data.room_id = "27183290", ["1","27183290"]) is true  (18:22)',
      '    and (true, true) is true  (19:11)',
      '      exists (data.room_id) is true  (19:20)',
      '      > (data.length = 121, 60) is true  (19:46)',
    ]);
    const short = await explain(clip.replace('"length":121', '"length":42'));
    expect(short[2]).toMatch(/^✘ rule "long clips": "or" at .* gives false for false, false$/);
    expect(short).toContain('      > (data.length = 42, 60) is false  (19:46)');
  });

  it('says of a rule and of a target that are switched off that they are', async () => {
    using own = createHome(
      RULES.replace('rules:', 'rules:\n  - { name: put aside, from: bsr, to: legacy-vod, enabled: false }').replace(
        'format: remotemonster,',
        'format: remotemonster, enabled: false,',
      ),
    );
    const args = ['explain', '--source', 'bsr', '--config', own.config];
    const { out } = await runDragoman(args, { cwd: own.folder, stdin: sample('clip.generated') });
    const because = 'is switched off: it has "enabled: false" in the configuration';
    expect(out).toContain(`\n✘ rule "put aside": it ${because}\n`);
    expect(out).toContain(`\n    held: target legacy-vod ${because}\n`);
    expect(out).toContain('1 of 2 rules matches today;');
  });

  it('says of a payload that was never received that nothing is sent', async () => {
    const { out } = await dragoman(['explain', '--source', 'bsr', '-'], sample('clip.generated'));
    expect(out).toMatch(/\n1 of 1 rule matches today; nothing is sent, because this payload was not received\.\n$/);
  });

  it('shows each output field with where it came from', async () => {
    const { out } = await dragoman(['explain', '--source', 'bsr', '-'], sample('clip.generated'));
    expect(out).toContain('✔ rule "long clips"');
    expect(out).toContain('→ legacy-vod, by bsr-to-remotemonster');
    expect(out).toContain('duration = "121"  from data.length = 121 | round → 121 | string → "121"');
  });
});

describe('commands beside a relay', () => {
  it('say of an event why it came, what was sent, and send it again', async () => {
    await using consumer = await startConsumer();
    using running = createHome(RULES.replace('http://127.0.0.1:9/', `${consumer.url}/hook`));
    await using relay = await startRelay(running);
    const { body } = await post(`${relay.serverUrl}/in/bsr`, sample('clip.generated'));
    const { id } = JSON.parse(body) as { readonly id: string };
    await settledBalance(running.database);
    const beside = async (...args: string[]): Promise<string> =>
      (await runDragoman([...args, '--config', running.config], { cwd: running.folder })).out;

    const explained = await beside('explain', id);
    expect(explained).toContain('✔ rule "long clips": its filter holds');
    expect(explained).toMatch(/\nThe delivery arrived\.\n$/);
    const listed = JSON.parse(await beside('deliveries', '--json'));
    expect(JSON.parse(listed.items[0].requests[0].body)).toMatchObject({ duration: '121' });
    expect(await beside('show', id)).toMatch(/\n {2}sends {5}record\.done: POST\n/);
    expect(await beside('replay', id)).toBe('1 of 1 delivery is due again; a running relay sends that now.\n');
    await expect.poll(() => consumer.received.length, { timeout: 5000 }).toBe(2);
  });
});

describe('a secret of the configuration', () => {
  it('is shown by no command that looks at what was sent', async () => {
    const key = 'k-123+ä';
    await using consumer = await startConsumer();
    using own = createHome(`
params: { archive_key: "\${env:ARCHIVE_KEY}" }
sources: { shop: { format: json } }
targets: { archive: { format: json, url: "${consumer.url}/hook" } }
rules: [ { name: orders, from: shop, translate: archive, to: archive } ]
`);
    writeFileSync(
      join(own.folder, 'mappings/archive.yaml'),
      `from: json
to: json
params: { archive_key: { about: a key } }
translate:
  request:
    path: "/\${params.archive_key | urlencode}"
    headers: { x-archive-key: "\${params.archive_key | urlencode}" }
    body: { key: "\${params.archive_key}" }
`,
    );
    vi.stubEnv('ARCHIVE_KEY', key);
    await using relay = await startRelay(own);
    vi.unstubAllEnvs();
    const env = { ARCHIVE_KEY: key };
    const { id } = JSON.parse((await post(`${relay.serverUrl}/in/shop`, '{"n":1}')).body) as { readonly id: string };
    await settledBalance(own.database);
    for (const args of [['explain', id], ['show', id], ['deliveries'], ['replay', id, '--dry-run']]) {
      for (const more of [[], ['--json']]) {
        const all = [...args, ...more, '--config', own.config];
        const { code, out, err } = await runDragoman(all, { cwd: own.folder, env });
        expect({ code, err }).toEqual({ code: 0, err: '' });
        expect(out).not.toMatch(/k-123/);
        if (more.length > 0 && args[0] !== 'replay') expect(out).toContain('***');
      }
    }
  });
});

describe('dragoman test', () => {
  it('shows a difference field by field and fails', async () => {
    const file = join(home.folder, 'mappings/bsr-to-remotemonster.test.yaml');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace('chid: bilibili_843610', 'chid: bilibili_1'));
    const { code, out } = await dragoman(['test', 'bsr-to-remotemonster']);
    writeFileSync(file, text);
    expect(code).toBe(1);
    expect(out).toContain('✘ bsr-to-remotemonster');
    expect(out).toMatch(/expected "bilibili_1"\n\s+actual {3}"bilibili_843610"/);
  });

  it('names the test files that no mapping has, and counts what cannot be read', async () => {
    using own = createHome(RULES);
    const mappings = join(own.folder, 'mappings');
    cpSync(join(mappings, 'bsr-to-sigma.test.yaml'), join(mappings, 'bsr-to-sgma.test.yaml'));
    cpSync(join(mappings, 'bsr-to-sigma.test.yaml'), join(mappings, 'bsr-to-sigma.test.yml'));
    writeFileSync(join(mappings, 'mine.test.yaml'), 'tests: []');
    cpSync(join(mappings, 'bsr-to-sigma.yaml'), join(mappings, 'mine.yml'));
    const { code, out } = await runDragoman(['test', '--config', own.config], { cwd: own.folder });
    expect(out).toContain(`✘ test files without a mapping
mappings/bsr-to-sgma.test.yaml:1:1  these tests are not run: there is no mapping "bsr-to-sgma"  [TEST_STRAY]
  Try: bsr-to-sigma.test.yaml
mappings/bsr-to-sigma.test.yml:1:1  these tests are not run: bsr-to-sigma.test.yaml is  [TEST_STRAY]
  Try: one file of both, bsr-to-sigma.test.yaml
`);
    expect(out).toMatch(/✘ mine {2}0 of 0\nmappings\/mine\.test\.yaml:1:1 .*\[TEST_SHAPE\]/);
    expect(out).toMatch(/\n\d+ passed, 0 failed, 3 problems\n$/);
    expect(code).toBe(1);
  });
});

describe('every command', () => {
  it.each([
    ['no such command', ['chek'], /^Error: unknown command 'chek'[\s\S]*check[\s\S]*\n {2}Try: dragoman --help\n$/],
    [
      'no such option',
      ['check', '--confg', 'x'],
      /^Error: unknown option '--confg'[\s\S]*\n {2}Try: dragoman check --help\n$/,
    ],
    ['an argument that is missing', ['backup'], /^Error: missing required.*\n {2}Try: dragoman backup --help\n$/],
    ['an option without its value', ['translate', '--from'], /argument missing/],
    [
      'a state that is none',
      ['deliveries', '--state', 'broken'],
      /--state takes waiting, delivered, dropped, dead, expired/,
    ],
    ['a state that is mistyped', ['deliveries', '--state', 'ded'], /\n {2}Try: --state dead\n$/],
    ['a state that is cut short', ['replay', '--state', 'wait'], /\n {2}Try: --state waiting\n$/],
    ['a time that is none', ['events', '--since', 'soon'], /Try: 2h, 30m/],
    [
      'an id where a list takes none',
      ['deliveries', 'evt_00000000000000000000000000'],
      /\n {2}Try: dragoman show evt_00000000000000000000000000\n$/,
    ],
    ['a URL that is none', ['send', 'bsr/live.started', '--to', 'x y'], /^Error: --to .* "x y"\n {2}Try: http:\/\/loc/],
    [
      'a URL without http://',
      ['send', 'bsr/live.started', '--to', 'localhost:8080/in/bsr'],
      /Try: http:\/\/localhost:8080\/in\/bsr\n$/,
    ],
    ['nothing to replay', ['replay'], /Try: dragoman replay ID, or --state dead/],
  ])('ends with 2 for wrong usage: %s', async (_, args, message) => {
    const { code, out, err } = await runDragoman(args, { cwd: home.folder });
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toMatch(message);
  });

  it.each([
    ['a payload', ['explain', '--source', 'bsr', 'no.json'], 'Error: the file no.json does not exist\n'],
    ['a payload', ['translate', '--from', 'bsr', '--to', 'bsr', '.'], 'Error: the file . is a folder\n'],
    [
      'a configuration that is named to test',
      ['test', '--config', 'no.yaml'],
      'Error: 1 problem in the configuration\nthe configuration no.yaml does not exist  [CONFIG_NOT_FOUND]\n  Try: --config FILE\n',
    ],
  ])('ends with 1 and says why %s cannot be read', async (_, args, err) => {
    expect(await runDragoman(args, { cwd: home.folder })).toEqual({ code: 1, out: '', err });
  });

  it.each([
    [['formats', 'sgima'], '"sgima" is no format', 'sigma'],
    [['formats', 'bsr/clip.generated'], '"bsr/clip.generated" is no format', 'bsr'],
    [['formats', 'clip.generated'], '"clip.generated" is no format', 'bsr, which has that event'],
    [['send', 'clip.generated'], '"clip.generated" does not say of which format', 'bsr/clip.generated'],
    [
      ['send', 'streamrec'],
      '"streamrec" names no event',
      'streamrec/upload_ready, streamrec/upload_failed, streamrec/session_finished, streamrec/supervisor_session_finished',
    ],
    [
      ['explain', '--source', 'bsr', 'evt_1'],
      'evt_1 is no file, and an event that came knows its source',
      'dragoman explain evt_1',
    ],
  ])('ends with 1 and says which word was meant where the input is at fault: %s', async (args, message, advice) => {
    const { code, err } = await runDragoman(args, { cwd: home.folder });
    expect({ code, err }).toEqual({ code: 1, err: `Error: ${message}\n  Try: ${advice}\n` });
  });

  it('tests nothing where there are no mappings, and says so', async () => {
    using own = createHome(RULES);
    rmSync(join(own.folder, 'mappings'), { recursive: true });
    writeFileSync(own.config, 'sources: {}\n');
    const { code, err } = await runDragoman(['test', 'nope', '--config', own.config], { cwd: own.folder });
    expect({ code, err }).toEqual({ code: 1, err: 'Error: there are no mappings\n' });
  });

  it.each(['operators', 'operators --json', 'formats bsr'])('ends quietly when nobody reads on: %s', async (args) => {
    const shell = spawn('sh', ['-c', `"${process.execPath}" "${DRAGOMAN}" ${args} | head -c 1`]);
    let err = '';
    shell.stderr.on('data', (chunk: Buffer) => {
      err += chunk.toString();
    });
    await once(shell, 'close');
    expect(err).toBe('');
  });

  it('finds a relay at an IPv6 address', async () => {
    using own = createHome(`server: { host: "::1", port: 9 }\n${RULES}`);
    const { code, err } = await runDragoman(['send', 'bsr/live.started', '--config', own.config], { cwd: own.folder });
    expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(/^Error: .*http:\/\/\[::1\]:9/) });
  });

  it('says which address is none where the relay is to listen', async () => {
    using own = createHome(`server: { host: nosuch.invalid, port: 0 }\n${RULES}`);
    const { code, err } = await runDragoman(['serve', '--config', own.config], { cwd: own.folder });
    expect(code).toBe(1);
    expect(err).toMatch(/^Error: the name nosuch\.invalid of server\.host .*\n {2}Try: 0\.0\.0\.0 or 127\.0\.0\.1\n$/);
  });

  it('says what to do where there is no store yet', async () => {
    const { code, err } = await dragoman(['events']);
    expect(code).toBe(1);
    expect(err).toMatch(/^Error: .*\[STORE_MISSING\]\n {2}Try: /);
  });

  it('prints the catalogue and the operators for machines', async () => {
    const catalogue = await runDragoman(['formats', '--json']);
    expect((JSON.parse(catalogue.out) as { name: string }[]).map(({ name }) => name)).toEqual([...formats.keys()]);
    const operators = await runDragoman(['operators', '--json']);
    expect((JSON.parse(operators.out) as { mappings: unknown[] }).mappings.length).toBeGreaterThan(50);
    const schema = await runDragoman(['schema']);
    expect(JSON.parse(schema.out)).toEqual(JSON.parse(readFileSync(join(ROOT, 'config/relay.schema.json'), 'utf8')));
  });

  it.each([
    ['toUpperCase', 'upper'],
    ['substring', 'slice'],
    ['=>', '>='],
    ['nope', 'dragoman operators'],
  ])('says which operator is meant by %s', async (name, meant) => {
    const { code, err } = await runDragoman(['operators', name]);
    expect({ code, err }).toEqual({ code: 1, err: `Error: "${name}" is no operator\n  Try: ${meant}\n` });
  });

  it('is a command that there is, wherever the README names one', async () => {
    const { out } = await runDragoman(['--help']);
    const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
    const named = [...readme.matchAll(/(?:npx )?dragoman ([a-z]+)/g)].map((match) => match[1] as string);
    const missing = named.filter(
      (name) => !['between', 'in', 'is'].includes(name) && !new RegExp(`^  ${name}\\b`, 'm').test(out),
    );
    expect(missing).toEqual([]);
  });
});
