import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formats } from '../../src/formats/index.ts';
import { createHome, type RelayHome } from '../flow/relay-process.ts';
import { runDragoman } from './run-dragoman.ts';

let home: RelayHome;
beforeAll(() => {
  home = createHome('sources: { bsr: { format: bsr } }\n');
});
afterAll(() => home.remove());

const sample = (type: string): string => formats.get('bsr')?.events[type]?.samples[0]?.body ?? '';
const dragoman = (args: readonly string[], stdin = '') =>
  runDragoman([...args, '--config', 'config/relay.yaml'], { cwd: home.folder, stdin });

describe('dragoman translate', () => {
  it('prints the requests as JSON lines, without a network', async () => {
    const args = ['translate', '--from', 'bsr', '--to', 'remotemonster', '--param', 'media_base=https://m.example.com'];
    const { code, out, err } = await dragoman(args, sample('record.ended'));
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(JSON.parse(out)).toEqual({
      event: 'record.done',
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: {
        id: 'bilibili_26966466',
        url: 'https://m.example.com/hls/bilibili/26966466/1757215994597/playlist.m3u8',
        duration: '53',
        thumbnail: 'https://i0.hdslb.com/bfs/live/user_cover/b810c36855168034557e905e5916b1dba1761fa4.jpg',
      },
    });
  });

  it('writes a GET with its query', async () => {
    const args = ['translate', '--from', 'bsr', '--to', 'remotemonster', '--param', 'media_base=x'];
    const { out } = await dragoman(args, sample('live.started'));
    expect(JSON.parse(out)).toMatchObject({
      method: 'GET',
      query: { action: 'create', chid: 'bilibili_843610' },
      body: null,
    });
  });

  it.each([
    ['a drop is said, and nothing printed', ['--param', 'media_base=x'], sample('record.started'), 0, /^dropped: /],
    ['a param that is missing', [], sample('record.ended'), 1, /needs media_base.*\n {2}Try: --param media_base=…/],
    [
      'a payload that is no event',
      ['--param', 'media_base=x'],
      '{"event":"record.ended"}',
      1,
      /this is no bsr event:\n(.*\n)* {2}id: /,
    ],
    ['a payload that is no JSON', ['--param', 'media_base=x'], '{', 1, /\[JSON_MALFORMED\]/],
  ])('%s', async (_, params, payload, code, message) => {
    const finished = await dragoman(['translate', '--from', 'bsr', '--to', 'remotemonster', ...params], payload);
    expect(finished.code).toBe(code);
    expect(finished.out).toBe('');
    expect(finished.err).toMatch(message);
  });

  it('takes the query of a GET for a payload, where the format has such senders', async () => {
    const translate = (from: string) =>
      dragoman(['translate', '--from', from, '--to', 'streamrec'], '?action=close&chid=1581324488053_Dc5aQ\n');
    const { out } = await translate('remotemonster');
    expect(JSON.parse(out).body).toMatchObject({ status: 'session_finished', client_id: '1581324488053_Dc5aQ' });
    const { code, err } = await translate('sigma');
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('[JSON_MALFORMED]') });
  });

  it('keeps every value of a name that is repeated in a query', async () => {
    writeMapping('mine/hook.yaml', 'request: { query: { tag: [a, b] } }');
    const { out } = await hook(['--mapping', 'mine/hook.yaml']);
    expect(JSON.parse(out).query).toEqual({ tag: ['a', 'b'] });
  });

  describe('takes', () => {
    it('the folder that the configuration names, whatever else it lacks here', async () => {
      configure('mappings: ../mine\nsources: { bsr: { format: bsr, secret: "${env:NOT_HERE}" } }\n');
      writeMapping('mine/json-to-json.yaml', 'request: { body: { from: mine } }');
      writeMapping('mine/a-first.yaml', 'request: { body: { from: the first by name } }');
      expect(JSON.parse((await hook([])).out).body).toEqual({ from: 'mine' });
      expect((await dragoman(['translate', '--from', 'bsr', '--to', 'sigma'], sample('live.ended'))).err).toBe(
        'Error: there is no mapping from bsr to sigma in mine\n  Try: write bsr-to-sigma.yaml in there, or name a file with --mapping\n',
      );
    });

    it('none of several that are named otherwise', async () => {
      configure('mappings: ../several\n');
      writeMapping('several/b.yaml', 'request: { body: b }');
      writeMapping('several/a.yaml', 'request: { body: a }');
      expect((await hook([])).err).toBe(
        'Error: there are several mappings from json to json: a, b\n  Try: --mapping several/a.yaml\n',
      );
    });

    it('none in place of the broken one that a rule would take', async () => {
      configure('mappings: ../broken\n');
      writeMapping('broken/json-to-json.yaml', 'request: { bodi: b }');
      writeMapping('broken/other.yaml', 'request: { body: a }');
      const { code, err } = await hook([]);
      expect(code).toBe(1);
      expect(err).toMatch(/cannot be used\n(.*\n)*broken\/json-to-json\.yaml:5:14 .*bodi/);
    });

    it('none at all where nobody can say which folder it is', async () => {
      configure('mappings: ../mine\nmappings: ../several\n');
      expect((await hook([])).err).toMatch(/^Error: 1 problem in the configuration\nconfig\/relay\.yaml:2:1 /);
    });

    it('a named file with the fragments that its folder shares', async () => {
      writeMapping('shared/uses.yaml', 'request: { body: { $use: piece } }');
      writeFileSync(join(home.folder, 'shared/_pieces.yaml'), 'fragments:\n  piece: { a: 1 }\n  unused: { b: 1 }\n');
      const { out, err } = await hook(['--mapping', 'shared/uses.yaml']);
      expect({ err, body: JSON.parse(out || '{}').body }).toEqual({ err: '', body: { a: 1 } });
    });

    it('no file by the name of a mapping, and says which file that is', async () => {
      configure('mappings: ../mine\n');
      writeMapping('mine/named.yaml', 'request: { body: a }');
      expect((await hook(['--mapping', 'named'])).err).toBe(
        'Error: the file named does not exist\n  Try: --mapping mine/named.yaml\n',
      );
      expect((await hook(['--mapping', 'unnamed'])).err).toMatch(/^Error: the file unnamed does not exist\n/);
    });

    it('no named file of another pair, and says which pair it is of', async () => {
      expect((await hook(['--mapping', 'mappings/bsr-to-sigma.yaml'])).err).toBe(
        'Error: mappings/bsr-to-sigma.yaml is a mapping from bsr to sigma, not from json to json\n  Try: --from bsr --to sigma\n',
      );
    });
  });

  it('takes params of the configuration, those given first, and shows none that is secret', async () => {
    configure('params: { n: "${env:NOT_HERE}", room: "${env:ROOM}", other: x }\n');
    writeMapping('mine/params.yaml', PARAMS_USED, PARAMS);
    const args = [
      'translate',
      '--from',
      'json',
      '--to',
      'json',
      '--mapping',
      'mine/params.yaml',
      '--config',
      home.config,
    ];
    const bodyWith = async (...more: string[]): Promise<unknown> =>
      JSON.parse((await runDragoman([...args, ...more], { cwd: home.folder, stdin: '{}', env: { ROOM: 'k-123' } })).out)
        .body;
    expect(await bodyWith()).toEqual({ room: '***', n: 1 });
    expect(await bodyWith('--param', 'room=mine', '--param', 'n=2')).toEqual({ room: 'mine', n: 2 });
    configure('params: { room: lobby }\n');
    expect(await bodyWith()).toEqual({ room: 'lobby', n: 1 });
  });

  it('names all params that are missing at once', async () => {
    configure('');
    writeMapping('mine/two.yaml', PARAMS_USED, '{ room: { about: a room }, n: { about: how many } }');
    expect((await hook(['--mapping', 'mine/two.yaml'])).err).toBe(
      'Error: mapping two needs 2 params\n  room: a room\n  n: how many\n  Try: --param room=… --param n=…, or params of the configuration\n',
    );
  });

  it.each([
    ['text as it stands', ['room=0042'], { room: '0042', n: 1 }],
    ['a number where one is declared', ['room=x', 'n=2'], { room: 'x', n: 2 }],
  ])('takes for a param %s', async (_, params, body) => {
    writeMapping('mine/params.yaml', PARAMS_USED, PARAMS);
    const given = params.flatMap((param) => ['--param', param]);
    expect(JSON.parse((await hook(['--mapping', 'mine/params.yaml', ...given])).out).body).toEqual(body);
  });

  it.each([
    ['rom=1', /^Error: mapping params has no param "rom"\n {2}Try: room\n$/],
    ['n=many', /^Error: n must be .*, not a string: how many\n {2}Try: --param n=…\n$/],
  ])('takes no --param %s', async (param, message) => {
    writeMapping('mine/params.yaml', PARAMS_USED, PARAMS);
    const { code, err } = await hook(['--mapping', 'mine/params.yaml', '--param', param]);
    expect(code).toBe(1);
    expect(err).toMatch(message);
  });
});

const PARAMS = '{ room: { about: a room }, n: { about: how many, default: 1 } }';
const PARAMS_USED = 'request: { body: { room: "${params.room}", n: "${params.n}" } }';

const hook = (args: readonly string[]) => dragoman(['translate', '--from', 'json', '--to', 'json', ...args], '{}');

function configure(yaml: string): void {
  writeFileSync(home.config, yaml);
}

function writeMapping(path: string, entry: string, params = '{}'): void {
  mkdirSync(join(home.folder, dirname(path)), { recursive: true });
  writeFileSync(join(home.folder, path), `from: json\nto: json\nparams: ${params}\ntranslate:\n  ${entry}\n`);
}
