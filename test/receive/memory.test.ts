import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { request } from './bad-inputs.ts';
import { talk } from './run-door.ts';

const MB = 1_000_000;
const block = Buffer.alloc(MB, 'x');

describe('memory', () => {
  let child: ChildProcess;
  let port: number;
  let before: number;
  const highest = async (): Promise<number> => {
    child.send('highest');
    return (await once(child, 'message'))[0].highest;
  };
  const good = () => talk(port, request({ body: JSON.stringify('x'.repeat(100_000)) }));

  beforeAll(async () => {
    child = fork(new URL('./memory-door.ts', import.meta.url), { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    port = (await once(child, 'message'))[0].port;
    for (let i = 0; i < 50; i++) await good();
    before = await highest();
  });
  afterAll(() => child.kill());

  const announced = request({ headers: { 'content-length': String(200 * MB) } });
  const inChunks = request({ headers: { 'content-length': null, 'transfer-encoding': 'chunked' } });
  const chunk = Buffer.concat([Buffer.from(`${MB.toString(16)}\r\n`), block, Buffer.from('\r\n')]);
  const bomb = gzipSync(Buffer.alloc(200 * MB), { level: 1 });
  const zipped = request({ body: bomb, headers: { 'content-encoding': 'gzip' } });

  it('is attacked with a bomb that is small enough to be read whole', () => {
    expect(bomb.length).toBeLessThan(2 ** 20);
  });

  it.each([
    ['with its length', announced, block],
    ['in chunks', inChunks, chunk],
    ['in gzip', zipped, undefined],
  ])('grows by less than 100 MB under twenty bodies of 200 MB at once, sent %s', async (_, head, piece) => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => flood(port, head, piece)));
    for (const answer of answers) expect(answer).toContain('BODY_TOO_LARGE');
    expect(await good()).toContain(' 202 ');
    expect(((await highest()) - before) / MB).toBeLessThan(100);
  });
});

/** Sends the head, then pieces up to 200 MB, as fast as they are taken and whatever is answered, until the door hangs up. */
function flood(port: number, head: Buffer, piece: Buffer | undefined): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let answer = '';
    let sent = 0;
    const send = (): void => {
      if (!piece) return;
      while (sent < 200 && !socket.destroyed) {
        sent++;
        if (!socket.write(piece)) return;
      }
      socket.end();
    };
    socket.on('data', (text) => {
      answer += text;
      if (!piece) socket.destroy();
    });
    socket.on('drain', send);
    socket.on('error', () => {});
    socket.on('close', () => resolve(answer));
    socket.write(head);
    send();
  });
}
