import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/kit/clock.ts';
import { openStore } from '../../src/stores/open.ts';
import { createHome, type RelayHome } from '../flow/relay-process.ts';
import { arrival, DEAD } from '../stores/arrivals.ts';
import { runDragoman } from './run-dragoman.ts';

const RULES = `
params: { media_base: "https://media.example.com" }
sources: { bsr: { format: bsr } }
targets: { legacy: { format: remotemonster, url: "http://127.0.0.1:9/" } }
rules: [ { name: finished clips, from: bsr, on: clip.generated, to: legacy } ]
`;

let home: RelayHome;
let id: string;
let unmatchedId: string;
beforeAll(async () => {
  home = createHome(RULES);
  await using store = await openStore({ kind: 'sqlite', file: home.database }, { clock: systemClock });
  const dead = { target: 'legacy', dead: DEAD.reason };
  const some = arrival({ to: [dead, { ...dead, rule: 'clips of old' }, { target: 'gone' }] });
  const none = arrival({ source: 'old-bsr', type: 'clip.made', to: [] });
  for (const one of [some, none]) await store.inbox.save(one);
  [id, unmatchedId] = [some.event.id, none.event.id];
});
afterAll(() => home.remove());

const dragoman = (...args: string[]) => runDragoman([...args, '--config', home.config], { cwd: home.folder });

describe('dragoman ledger', () => {
  it('tells of dead letters whose event still waits', async () => {
    const { out } = await dragoman('ledger');
    expect(out).toMatch(/\n {2}dead +0 {2}at least one dead letter and nothing waiting\n/);
    expect(out).toMatch(/\ndeliveries +3 {2}1 waiting, 2 dead: dragoman deliveries --state dead\nbalanced\n$/);
  });
});

describe('dragoman backup', () => {
  it('copies the store, and writes over nothing', async () => {
    const { code, out, err } = await dragoman('backup', 'monday.db');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^monday\.db: 2 events, \d{2,3}\.\d KB; whole, and the ledger is balanced\n$/);
    expect(await dragoman('backup', 'monday.db')).toEqual({
      code: 1,
      out: '',
      err: `Error: ${home.folder}/monday.db is there already  [BACKUP_EXISTS]\n  Try: another name\n`,
    });
    const json = JSON.parse((await dragoman('backup', 'tuesday.db', '--json')).out);
    expect(json).toEqual({
      file: `${home.folder}/tuesday.db`,
      ...{ bytes: statSync(`${home.folder}/tuesday.db`).size, events: 2, balanced: true, problems: [] },
    });
  });

  it('leaves PostgreSQL to its own tools', async () => {
    using other = createHome(RULES);
    const text = readFileSync(other.config, 'utf8').replace(
      /^store: .*$/m,
      'store: postgres://user@localhost/dragoman',
    );
    writeFileSync(other.config, text);
    const { code, err } = await runDragoman(['backup', 'x.db', '--config', other.config], { cwd: other.folder });
    expect({ code, err }).toEqual({
      code: 1,
      err: 'Error: the store is postgres, which is not one file\n  Try: pg_dump, or what the database service brings\n',
    });
  });
});

describe('an id that the store does not have', () => {
  it.each([
    ['cut short', (id: string) => id.slice(0, 15), (id: string) => `events --text ${id.slice(4, 15)}`],
    [
      'of a delivery, cut short',
      (id: string) => `dlv_${id.slice(4, 15)}`,
      (id: string) => `events --text ${id.slice(4, 15)}`,
    ],
    ['without its kind', (id: string) => id.slice(4), (id: string) => `show ${id}`],
    ['of a delivery without its number', (id: string) => id.replace('evt', 'dlv'), (id: string) => `show ${id}`],
    ['of an event with a number', (id: string) => `${id}_2`, (id: string) => `show dlv_${id.slice(4)}_2`],
    ['of a delivery that is not there', (id: string) => `dlv_${id.slice(4)}_9`, (id: string) => `show ${id}`],
    [
      'of one request of a delivery',
      (id: string) => `dlv_${id.slice(4)}_1.2`,
      (id: string) => `show dlv_${id.slice(4)}_1`,
    ],
    ['in capitals', (id: string) => id.toUpperCase(), (id: string) => `show ${id}`],
    ['with what stood around it', (id: string) => `"${id}",`, (id: string) => `show ${id}`],
    ['of a sender', () => 'f542e0e1-688b', () => 'events --text f542e0e1-688b'],
    ['of nobody', () => 'evt_00000000000000000000000000', () => 'events'],
    ['with signs for the shell', () => 'a b; c', () => 'events'],
  ])('is told with the one that is meant: %s', async (_, written, meant) => {
    const { code, out, err } = await dragoman('show', written(id));
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/^Error: there is no /);
    expect(err.split('\n').slice(1)).toEqual([`  Try: dragoman ${meant(id)}`, '']);
  });

  it('is told by every command', async () => {
    const tries = async (...args: string[]) => (await dragoman(...args)).err.split('\n')[1];
    expect(await tries('explain', id.slice(4))).toBe(`  Try: dragoman explain ${id}`);
    expect(await tries('explain', 'clip.json')).toBe('  Try: dragoman explain --source NAME clip.json');
    expect(await tries('capture', id.slice(4))).toBe(`  Try: dragoman capture ${id}`);
    expect(await tries('replay', id.slice(4))).toBe(`  Try: dragoman show ${id}`);
  });

  it('is not what an event without deliveries has', async () => {
    expect(await dragoman('replay', unmatchedId)).toEqual({
      code: 1,
      out: '',
      err: `Error: there are no deliveries of ${unmatchedId} to send again\n  Try: dragoman explain ${unmatchedId}\n`,
    });
  });
});

describe('a filter by which nothing is found', () => {
  it.each([
    [['events', '--source', 'bst'], 'source "bst"', 'bsr'],
    [['events', '--type', 'clip.generatd'], 'event type "clip.generatd"', 'clip.generated'],
    [['events', '--source', 'nope', '--json'], 'source "nope"', 'bsr'],
    [['deliveries', '--target', 'legcy'], 'target "legcy"', 'legacy'],
    [['deliveries', '--rule', 'finished clip'], 'rule "finished clip"', 'finished clips'],
    [['replay', '--state', 'dead', '--target', 'legcy'], 'target "legcy"', 'legacy'],
    [['replay', '--rule', 'all', '--dry-run'], 'rule "all"', 'finished clips'],
  ])('names what nobody knows: %s', async (args, what, advice) => {
    expect(await dragoman(...args)).toEqual({
      code: 1,
      out: '',
      err: `Error: there is no ${what}, in the configuration or in the store\n  Try: ${advice}\n`,
    });
  });

  it.each([
    [['events', '--source', 'bsr', '--state', 'ignored'], 'No events.\n'],
    [['events', '--source', 'old-bsr', '--state', 'dead'], 'No events.\n'],
    [['events', '--type', 'clip.made', '--state', 'dead'], 'No events.\n'],
    [['deliveries', '--rule', 'clips of old', '--state', 'dropped'], 'No deliveries.\n'],
    [['replay', '--state', 'dead', '--target', 'gone'], 'No finished delivery fits, so nothing is sent again.\n'],
  ])('is answered where the configuration or the store knows the name: %s', async (args, out) => {
    expect(await dragoman(...args)).toEqual({ code: 0, out, err: '' });
  });

  it('has no cursor that no page has given', async () => {
    const { code, err } = await dragoman('events', '--before', 'zzz');
    expect(code).toBe(2);
    expect(err).toBe(
      'Error: --before takes what the page before ended with, not "zzz"\n  Try: the list without --before\n',
    );
    expect(await dragoman('events', '--before', '1')).toEqual({ code: 0, out: 'No events.\n', err: '' });
  });
});
