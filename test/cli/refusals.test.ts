import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRejections } from '../../src/admin/rejections.ts';
import { systemClock } from '../../src/kit/clock.ts';
import { openStore } from '../../src/stores/open.ts';
import { createHome, type RelayHome } from '../flow/relay-process.ts';
import { runDragoman } from './run-dragoman.ts';

const RULES = `
sources:
  bsr: { format: bsr, secret: let-me-in-please }
  shop: { format: json }
  quiet: { format: json }
`;
const REFUSED = [
  { source: 'bsr', status: 401, code: 'SECRET_WRONG' },
  { source: '', status: 404, code: 'SOURCE_UNKNOWN', path: '/in/bsrr' },
  { source: '', status: 404, code: 'SOURCE_UNKNOWN', path: '/in/\u001b[2J' },
  { source: 'shop', status: 400, code: 'JSON_MALFORMED' },
  { source: 'bsr', status: 422, code: 'EVENT_INVALID', fields: 'id, payload.room_id' },
];

let home: RelayHome;
beforeAll(async () => {
  home = createHome(RULES);
  await using store = await openStore({ kind: 'sqlite', file: home.database }, { clock: systemClock });
  const rejections = createRejections({ clock: systemClock, shared: store.shared });
  for (const one of REFUSED) rejections.add({ ...one, address: '127.0.0.1' });
  await rejections.stop();
});
afterAll(() => home.remove());

const dragoman = (...args: string[]) => runDragoman([...args, '--config', home.config], { cwd: home.folder });

describe('dragoman refusals', () => {
  it('lists what was refused at the door, and how often for which reason', async () => {
    const { code, out } = await dragoman('refusals');
    expect(code).toBe(0);
    const [head, ...rows] = out.split('\n').map((line) => line.split(/ {2,}/));
    expect(head).toEqual(['RECEIVED', 'SOURCE', 'STATUS', 'CODE', 'FROM', 'WHERE']);
    expect(rows[0]?.slice(1)).toEqual(['bsr', '422', 'EVENT_INVALID', '127.0.0.1', 'id, payload.room_id']);
    expect(rows.slice(1, 5).map((cells) => cells.slice(1))).toEqual([
      ['shop', '400', 'JSON_MALFORMED', '127.0.0.1'],
      ['(no source)', '404', 'SOURCE_UNKNOWN', '127.0.0.1', expect.not.stringContaining('\u001b')],
      ['(no source)', '404', 'SOURCE_UNKNOWN', '127.0.0.1', '/in/bsrr'],
      ['bsr', '401', 'SECRET_WRONG', '127.0.0.1'],
    ]);
    expect(rows[6]).toEqual(['LAST', 'SOURCE', 'TIMES', 'CODE']);
    expect(rows[7]?.slice(1)).toEqual(['(no source)', '2', 'SOURCE_UNKNOWN']);
  });

  it('says so to machines, of one reason where that is asked for', async () => {
    expect(JSON.parse((await dragoman('refusals', '--code', 'SECRET_WRONG', '--json')).out)).toMatchObject({
      ...{ total: 5, by_reason: [{ source: 'bsr', code: 'SECRET_WRONG', count: 1 }] },
      items: [{ source: 'bsr', status: 401, address: '127.0.0.1' }],
    });
  });

  it('names the reason that is meant, and says of one that there is that nothing was refused for it', async () => {
    expect((await dragoman('refusals', '--code', 'RATE_LIMITED')).out).toMatch(
      /^Nothing was refused for RATE_LIMITED\.\n/,
    );
    for (const [written, meant] of [
      ['SECRET_WORNG', 'SECRET_WRONG'],
      ['secret-wrong', 'SECRET_WRONG'],
      ['413', 'BODY_TOO_LARGE'],
      ['nothing', 'dragoman refusals, without --code'],
    ] as const) {
      const err = `Error: nothing is ever refused for "${written}"\n  Try: ${meant}\n`;
      expect(await dragoman('refusals', '--code', written)).toEqual({ code: 1, out: '', err });
    }
  });

  it('says that there was none, and names the source that is meant', async () => {
    expect((await dragoman('refusals', '--source', 'quiet')).out).toMatch(/^Nothing was refused at quiet\.\n/);
    expect(await dragoman('refusals', '--source', 'shp')).toMatchObject({
      code: 1,
      err: expect.stringContaining('Try: shop'),
    });
  });

  it('is where events leads to that finds none', async () => {
    expect((await dragoman('events')).out).toBe('No events; 5 requests were refused: dragoman refusals\n');
    expect((await dragoman('events', '--source', 'shop')).out).toMatch(/^No events; 1 request was refused: /);
    expect((await dragoman('events', '--source', 'quiet')).out).toBe('No events.\n');
  });
});
