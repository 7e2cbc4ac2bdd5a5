import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { json } from '../../../src/formats/json/index.ts';
import { sigma } from '../../../src/formats/sigma/index.ts';
import type { Saved } from '../../../src/receive/inbox.ts';
import { closeServer } from '../../../src/relay/close-server.ts';
import { ManualClock } from '../../kit/manual-clock.ts';
import { request } from '../bad-inputs.ts';
import { type DoorOptions, makeSource, type RunningDoor, runDoor } from '../run-door.ts';

const run = (options: Partial<DoorOptions> = {}) =>
  runDoor([makeSource({ name: 'json' })], { formats: [json], ...options });
const good = (n: number) => request({ body: `{"a":${n}}` });

/** Counts what Node's parser has read. */
function countParsed(door: RunningDoor): { count: number } {
  const parsed = { count: 0 };
  door.server.on('request', () => parsed.count++);
  return parsed;
}

/** A connection whose answers are read one at a time. */
async function open(door: RunningDoor) {
  const socket = connect({ port: door.port, host: '127.0.0.1', allowHalfOpen: true });
  await once(socket, 'connect');
  const chunks = socket[Symbol.asyncIterator]();
  let rest = '';
  return {
    socket,
    send: (...pieces: readonly (string | Uint8Array)[]) => pieces.map((piece) => socket.write(piece)),
    /** The next answer; what has come of it where the connection ends. */
    async answer(): Promise<string> {
      for (;;) {
        const end = rest.indexOf('\r\n\r\n') + 4;
        const length = end < 4 ? Number.POSITIVE_INFINITY : Number(/content-length: (\d+)/.exec(rest)?.[1]);
        if (rest.length >= end + length) {
          const answer = rest.slice(0, end + length);
          rest = rest.slice(end + length);
          return answer;
        }
        const { value, done } = await chunks.next();
        if (done) return rest;
        rest += String(value);
      }
    },
  };
}

/** A save that each event waits for until it is let go. */
function heldSave() {
  const waiting: (() => void)[] = [];
  return {
    waiting,
    save: () =>
      new Promise<Saved>((resolve) => {
        waiting.push(() => resolve({ kind: 'saved', held: [] }));
      }),
  };
}

describe('a connection on which requests come whole', () => {
  it('is answered as Node would, and kept for the next one', async () => {
    await using door = await run({ clock: new ManualClock(Date.UTC(2026, 10, 23, 1, 2, 3)) });
    const parsed = countParsed(door);
    const sender = await open(door);
    for (const n of [1, 2, 3]) {
      sender.send(good(n));
      const answer = await sender.answer();
      const body = `{"id":"${door.arrivals[n - 1]?.event.id}","status":"accepted"}`;
      expect(answer.split('\r\n')).toEqual([
        'HTTP/1.1 202 Accepted',
        'content-type: application/json',
        `content-length: ${body.length}`,
        'Date: Mon, 23 Nov 2026 01:02:03 GMT',
        'Connection: keep-alive',
        'Keep-Alive: timeout=65',
        '',
        body,
      ]);
    }
    expect([door.arrivals.length, parsed.count]).toEqual([3, 0]);
  });

  it('stays open after a refusal, which is reported with its source', async () => {
    await using door = await run();
    const parsed = countParsed(door);
    const sender = await open(door);
    sender.send(request({ body: '{"a":' }));
    expect(await sender.answer()).toMatch(/^HTTP\/1.1 400 Bad Request\r\n.*JSON_/s);
    sender.send(good(1));
    expect(await sender.answer()).toContain(' 202 ');
    expect(door.refused).toMatchObject([{ source: 'json', status: 400, address: '127.0.0.1' }]);
    expect(parsed.count).toBe(0);
  });

  it("goes through Node's parser from the first request on that does not come whole", async () => {
    await using door = await run();
    const parsed = countParsed(door);
    const sender = await open(door);
    sender.send(good(1));
    expect(await sender.answer()).toContain(' 202 ');
    sender.send(good(2).subarray(0, 60));
    const other = await open(door);
    other.send(good(0));
    await other.answer(); // by now the door has read the first piece
    sender.send(good(2).subarray(60));
    expect(await sender.answer()).toContain(' 202 ');
    sender.send(good(3));
    expect(await sender.answer()).toContain(' 202 ');
    const bodies = door.arrivals.map(({ event }) => String(Buffer.from(event.request.body)));
    expect(bodies).toEqual(['{"a":1}', '{"a":0}', '{"a":2}', '{"a":3}']);
    expect(parsed.count).toBe(2);
  });

  it('takes a body that does not fit into one piece', async () => {
    await using door = await run();
    const sender = await open(door);
    const text = 'x'.repeat(300_000);
    sender.send(good(1));
    expect(await sender.answer()).toContain(' 202 ');
    sender.send(request({ body: JSON.stringify({ text }) }));
    expect(await sender.answer()).toContain(' 202 ');
    expect(door.arrivals[1]?.event.request.body).toHaveLength(300_011);
  });

  it('answers in order what comes while the one before is stored', async () => {
    const { waiting, save } = heldSave();
    await using door = await run({ save });
    const sender = await open(door);
    sender.send(good(1));
    await expect.poll(() => waiting.length).toBe(1);
    sender.send(good(2), good(3), 'GARBAGE\r\n\r\n');
    const first = sender.answer();
    waiting[0]?.();
    expect(await first).toContain(' 202 ');
    await expect.poll(() => waiting.length).toBe(3);
    waiting[2]?.();
    waiting[1]?.();
    expect(
      [await sender.answer(), await sender.answer(), await sender.answer()].map((one) => one.slice(9, 12)),
    ).toEqual(['202', '202', '400']);
    expect(door.scopes.map(({ data }) => data)).toEqual([{ a: 1 }, { a: 2 }, { a: 3 }]);
  });

  it('answers what came early, too, where the sender has closed its side meanwhile', async () => {
    const { waiting, save } = heldSave();
    await using door = await run({ save });
    const ended = once(door.server, 'connection').then(([socket]) => once(socket, 'end'));
    const sender = await open(door);
    sender.send(good(1));
    await expect.poll(() => waiting.length).toBe(1);
    sender.socket.end(good(2));
    const other = await open(door);
    other.send(good(0).subarray(0, 60));
    other.socket.end();
    expect(await other.answer()).toContain(' 400 '); // by now the door has read what came early
    waiting[0]?.();
    expect(await sender.answer()).toContain(' 202 ');
    await expect.poll(() => waiting.length).toBe(2);
    await ended;
    waiting[1]?.();
    expect(await sender.answer()).toContain(' 202 ');
    expect(await sender.answer()).toBe('');
  });

  it('goes to Node where the sender does not read its answers, and no more is read than Node reads', async () => {
    await using door = await runDoor([makeSource({ name: 'sigma', format: 'sigma' })], { formats: [sigma] });
    const parsed = countParsed(door);
    const connected = once(door.server, 'connection');
    const sender = connect(door.port, '127.0.0.1');
    const [socket] = await connected;
    const recordUrl = Array(100).fill(7);
    const wrong = request({ to: '/in/sigma', body: JSON.stringify({ event: 'channel_live', recordUrl }) });
    let sent = 0;
    while (parsed.count === 0 && sent < 5000) {
      sent++;
      sender.write(wrong);
      while (door.refused.length < sent && parsed.count === 0) await new Promise(setImmediate);
    }
    expect(parsed.count).toBe(1);
    expect(socket.writableLength).toBeLessThan(1_000_000);
    sender.destroy();
  });

  it('is answered and closed where the sender has closed its side meanwhile', async () => {
    const { waiting, save } = heldSave();
    await using door = await run({ save });
    const sender = await open(door);
    sender.socket.end(good(1));
    await expect.poll(() => waiting.length).toBe(1);
    waiting[0]?.();
    const answer = await sender.answer();
    expect(answer).toContain(' 202 ');
    expect(await sender.answer()).toBe('');
  });

  it('that is cut before its answer harms nobody', async () => {
    const { waiting, save } = heldSave();
    await using door = await run({ save });
    const cut = await open(door);
    const other = await open(door);
    cut.send(good(1));
    await expect.poll(() => waiting.length).toBe(1);
    cut.socket.resetAndDestroy();
    other.send(good(2));
    await expect.poll(() => waiting.length).toBe(2);
    for (const go of waiting) go();
    expect(await other.answer()).toContain(' 202 ');
    expect(door.defects).toEqual([]);
  });

  it('is told of a fault of ours', async () => {
    await using door = await run({ receive: () => Promise.reject(new Error('no')) });
    const sender = await open(door);
    sender.send(good(1));
    expect(await sender.answer()).toMatch(/ 500 .*INTERNAL/s);
    expect([door.defects.length, door.refused]).toEqual([1, []]);
  });
});

describe('time', () => {
  it('ends a connection that was used and is not any more, later than it was told', async () => {
    const clock = new ManualClock();
    await using door = await run({ clock });
    const sender = await open(door);
    sender.send(good(1));
    await sender.answer();
    await clock.advance(65_000);
    sender.send(good(2));
    expect(await sender.answer()).toContain(' 202 ');
    await clock.advance(67_000);
    expect(await sender.answer()).toBe('');
  });

  it('leaves a connection that says nothing to Node, which goes on with what comes', async () => {
    const clock = new ManualClock();
    await using door = await run({ clock });
    const parsed = countParsed(door);
    const sender = await open(door);
    await expect.poll(() => clock.pending).toBe(1);
    await clock.advance(2000);
    sender.send(good(1));
    expect(await sender.answer()).toContain(' 202 ');
    expect(parsed.count).toBe(1);
  });
});

describe('a server that ends', () => {
  const closing = (door: RunningDoor, clock: ManualClock) => closeServer(door.server, { clock, deadlineMs: 5000 });

  it('closes what is idle, answers what is under way, and says that it is the last answer', async () => {
    const clock = new ManualClock();
    const { waiting, save } = heldSave();
    const door = await run({ save, clock });
    const idle: Socket[] = [(await open(door)).socket, (await open(door)).socket];
    const busy = await open(door);
    busy.send(good(1));
    await expect.poll(() => waiting.length).toBe(1);
    const ends = idle.map((socket) => once(socket.resume(), 'close'));
    const closed = closing(door, clock);
    for (const socket of idle) socket.end();
    await Promise.all(ends);
    waiting[0]?.();
    expect(await busy.answer()).toMatch(/ 202 .*Connection: close/s);
    busy.socket.end();
    await closed;
  });

  it('tells senders that seem idle with their next answer, closes none of them meanwhile, and takes no new ones', async () => {
    const clock = new ManualClock();
    const door = await run({ clock });
    const whole = await open(door);
    const parsed = await open(door);
    const silent = await open(door);
    whole.send(good(1));
    expect(await whole.answer()).toContain('Connection: keep-alive');
    parsed.send('\r\n', good(2));
    expect(await parsed.answer()).toContain('Connection: keep-alive');
    const closed = closeServer(door.server, { clock, deadlineMs: 5000, tellMs: 200 });
    await clock.advance(199);
    await expect(open(door)).rejects.toThrow('ECONNREFUSED');
    for (const [n, sender] of [whole, parsed].entries()) {
      sender.send(good(3 + n));
      expect(await sender.answer()).toMatch(/ 202 .*connection: close/is);
      expect(await sender.answer()).toBe('');
      sender.socket.end();
    }
    await clock.advance(1);
    expect(await silent.answer()).toBe('');
    silent.socket.end();
    await closed;
    expect(door.arrivals).toHaveLength(4);
  });

  it('cuts what takes too long', async () => {
    const clock = new ManualClock();
    const { waiting, save } = heldSave();
    const door = await run({ save, clock });
    const busy = await open(door);
    busy.send(good(1));
    await expect.poll(() => waiting.length).toBe(1);
    const closed = closing(door, clock);
    await clock.advance(5000);
    expect(await busy.answer()).toBe('');
    await closed;
  });
});
