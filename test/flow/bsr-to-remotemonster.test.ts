/** The main job, end to end: what BSR documents and what its newer versions send, through a relay process, to a RemoteMonster consumer. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Received, startConsumer } from './consumer.ts';
import { createHome, startRelay } from './relay-process.ts';
import { post } from './sender.ts';
import { settledBalance } from './settled.ts';

interface Wire {
  id: string;
  readonly event: string;
  payload: Record<string, unknown>;
  readonly timestamp: number;
}
const GENERATIONS = ['documented', 'v2.15', 'v2.16'] as const;
type Generation = (typeof GENERATIONS)[number];

const DOCUMENTED = readFileSync(join(import.meta.dirname, '../fixtures/bsr/documented.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Wire);

/** The documented event as a sender of that generation writes it. */
function writtenBy(generation: Generation, { id, event, payload, timestamp }: Wire): Wire {
  const own = `${id.slice(0, -1)}${GENERATIONS.indexOf(generation)}`;
  return { id: own, event, payload: payloadOf(generation, event, payload), timestamp };
}

function payloadOf(generation: Generation, event: string, payload: Wire['payload']): Wire['payload'] {
  if (generation === 'documented') return payload;
  if (!/^(live|record)\./.test(event)) {
    return generation === 'v2.15' ? payload : { ...payload, room_id: String(payload.room_id) };
  }
  const { room_title, room_cover } = payload.room_info as Record<string, string>;
  return {
    room_info: {
      ...{ platform: payload.platform, room_id: String(payload.room_id), room_title, room_cover },
      status: event !== 'live.ended',
    },
    user_info: payload.user_info,
    ...{ platform_live_id: '1757210000', live_id: payload.current_live_id, recording: true, enabled: true },
  };
}

const CONFIG = (url: string): string => `
params: { media_base: "https://media.example.com" }
sources: { bsr: { format: bsr, secret: "s3cret" } }
targets: { legacy: { format: remotemonster, url: "${url}/hook?tenant=7", headers: { x-tenant: vod } } }
rules:
  - { name: everything, from: bsr, to: legacy }
`;

const CLIP = encodeURIComponent('[27183290][1757172501727][一起看凡人修仙传][2025-09-07_00-16-11]');
/** What a consumer of RemoteMonster's gets, by the event that it comes from; nothing from the others. */
const EXPECTED: Readonly<Record<string, { readonly method: string; readonly url: string; readonly body: unknown }>> = {
  'live.started': { method: 'GET', url: '/hook?tenant=7&action=create&chid=bilibili_843610', body: '' },
  'live.ended': { method: 'GET', url: '/hook?tenant=7&action=close&chid=bilibili_843610', body: '' },
  'record.ended': {
    method: 'POST',
    url: '/hook?tenant=7',
    body: {
      id: 'bilibili_26966466',
      url: 'https://media.example.com/hls/bilibili/26966466/1757215994597/playlist.m3u8',
      duration: '53',
      thumbnail: 'https://i0.hdslb.com/bfs/live/user_cover/b810c36855168034557e905e5916b1dba1761fa4.jpg',
    },
  },
  'clip.generated': {
    method: 'POST',
    url: '/hook?tenant=7',
    body: {
      id: 'bilibili_27183290',
      url: `https://media.example.com/output/${CLIP}.mp4`,
      duration: '121',
      filesize: '53049119',
      thumbnail: `https://media.example.com/output/${CLIP}.jpg`,
    },
  },
};

function expected({ event }: Wire, generation: Generation): object {
  const { body, ...rest } = EXPECTED[event] as (typeof EXPECTED)[string];
  // The newer shapes have no total_length: the time from live_id to the end stands in for it.
  const isApproximate = event === 'record.ended' && generation !== 'documented';
  return { ...rest, body: isApproximate ? { ...(body as object), duration: '45' } : body };
}

function gist({ method, url, body }: Received): object {
  return { method, url, body: body === '' ? '' : JSON.parse(body) };
}

describe('BSR to RemoteMonster', () => {
  it('delivers the nine documented events, as each of three generations writes them, exactly', async () => {
    await using consumer = await startConsumer();
    using home = createHome(CONFIG(consumer.url));
    await using relay = await startRelay(home);
    const url = `${relay.serverUrl}/in/bsr?secret=s3cret`;
    const wanted: object[] = [];
    const sent: string[] = [];
    for (const generation of GENERATIONS) {
      for (const documented of DOCUMENTED) {
        const wire = writtenBy(generation, documented);
        const answer = await post(url, JSON.stringify(wire));
        expect(answer).toMatchObject({ status: 202, body: expect.stringMatching(/"status":"accepted"/) });
        sent.push(JSON.stringify(wire));
        if (EXPECTED[wire.event]) wanted.push(expected(wire, generation));
      }
    }
    // A sender that repeats itself: nothing more comes of it.
    for (const body of sent) expect((await post(url, body)).status).toBe(202);
    const balance = await settledBalance(home.database);
    expect(balance).toMatchObject({ accepted: 27, events: { delivered: 12, dropped: 15, dead: 0, waiting: 0 } });
    const byText = (one: object): string => JSON.stringify(one);
    expect(consumer.received.map(gist).map(byText).sort()).toEqual(wanted.map(byText).sort());
    for (const { headers } of consumer.received) {
      expect(headers).toMatchObject({ 'x-tenant': 'vod', 'dragoman-attempt': '1', 'dragoman-hops': '1' });
      expect(headers['webhook-id']).toMatch(/^dlv_[0-9a-z]{26}_1$/);
    }
    expect(new Set(consumer.received.map(({ headers }) => headers['webhook-id'])).size).toBe(12);
  });

  it('answers bad input with what is wrong, and a phantom end with nothing sent', async () => {
    await using consumer = await startConsumer();
    using home = createHome(CONFIG(consumer.url));
    await using relay = await startRelay(home);
    const [first] = DOCUMENTED as [Wire, ...Wire[]];
    const wrong = JSON.stringify({ ...first, payload: { ...first.payload, room_id: true, platform: 7 } });
    const inBsr = `${relay.serverUrl}/in/bsr?secret=s3cret`;
    const codeOf = async (url: string, body: string) => {
      const { status, body: answer } = await post(url, body);
      return [status, (JSON.parse(answer) as { error?: { code: string; problems: unknown[] } }).error];
    };
    expect(await codeOf(inBsr, '{"id":')).toEqual([400, expect.objectContaining({ code: 'JSON_MALFORMED' })]);
    expect(await codeOf(`${relay.serverUrl}/in/bsr`, '{}')).toEqual([401, expect.anything()]);
    expect(await codeOf(`${relay.serverUrl}/in/other`, '{}')).toEqual([404, expect.anything()]);
    const problems = ['payload.room_id', 'payload.platform'].map((path) => expect.objectContaining({ path }));
    expect(await codeOf(inBsr, wrong)).toEqual([
      422,
      expect.objectContaining({ problems: expect.arrayContaining(problems) }),
    ]);
    expect(await post(inBsr, JSON.stringify({ ...first, event: 'room.renamed' }))).toMatchObject({
      status: 202,
      body: expect.stringMatching(/"status":"ignored"/),
    });
    const phantom = DOCUMENTED.find(({ event }) => event === 'record.ended') as Wire;
    phantom.payload = { ...phantom.payload, current_live_id: '' };
    expect((await post(inBsr, JSON.stringify(phantom))).status).toBe(202);
    expect(await settledBalance(home.database)).toMatchObject({ accepted: 2, ignored: 1, events: { dropped: 1 } });
    expect(consumer.received).toEqual([]);
  });
});
