import { type AddressInfo, createServer, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Abortable, AnswerListener, Connections, WireRequest } from '../../../src/deliver/connections.ts';
import { createDialRule } from '../../../src/deliver/dial-rule.ts';
import { createLookup } from '../../../src/deliver/dns.ts';
import { createPlainConnections } from '../../../src/deliver/http1/plain-connections.ts';
import { ManualClock } from '../../kit/manual-clock.ts';
import { target, until } from '../rig.ts';

const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n';
const POST: WireRequest = { method: 'POST', path: '/hook?a=1', headers: { 'x-a': '1' }, body: Buffer.from('{"a":1}') };

interface Server {
  readonly url: string;
  readonly port: number;
  readonly sockets: Socket[];
  /** All that came over each connection. */
  readonly received: Buffer[];
}

/** Calls `onData` whenever bytes come; keeps all of them. */
async function startServer(onData: (socket: Socket, server: Server) => void): Promise<Server> {
  const sockets: Socket[] = [];
  const received: Buffer[] = [];
  const listening = createServer((socket) => {
    const index = sockets.push(socket) - 1;
    received[index] = Buffer.alloc(0);
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => {
      received[index] = Buffer.concat([received[index] as Buffer, chunk]);
      onData(socket, server);
    });
  });
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    listening.close();
  });
  const { port } = listening.address() as AddressInfo;
  const server: Server = { url: `http://127.0.0.1:${port}/`, port, sockets, received };
  return server;
}

/** Answers each request, which comes in one piece, with these bytes. */
const answering = (bytes: string) => startServer((socket) => socket.write(bytes));

function connect(
  server: Pick<Server, 'url' | 'port'>,
  most = 1,
  clock = new ManualClock(),
): { connections: Connections; clock: ManualClock } {
  const rule = createDialRule(target({ url: server.url }), createLookup());
  const connections = createPlainConnections({ origin: `http://127.0.0.1:${server.port}`, most, rule, clock });
  onTestFinished(() => connections.destroy(new Error('the test is over')));
  return { connections, clock };
}

interface Sent {
  status: number;
  body: string;
  end: 'none' | 'answered' | 'failed';
  error: unknown;
  request: Abortable | undefined;
}

function send(connections: Connections, request = POST, onData: (sent: Sent) => void = () => undefined): Sent {
  const sent: Sent = { status: 0, body: '', end: 'none', error: undefined, request: undefined };
  const listener: AnswerListener = {
    begun: (begun) => {
      sent.request = begun;
    },
    head: (status) => {
      sent.status = status;
    },
    data: (chunk) => {
      sent.body += Buffer.from(chunk).toString();
      onData(sent);
    },
    end: () => {
      sent.end = 'answered';
    },
    failed: (error) => {
      sent.end = 'failed';
      sent.error = error;
    },
  };
  connections.dispatch(request, listener);
  return sent;
}

async function answerTo(connections: Connections, request = POST): Promise<Sent> {
  const sent = send(connections, request);
  await until(() => sent.end !== 'none', 'an answer');
  return sent;
}

/** The statuses of so many requests, each sent in the moment in which the one before is answered; 0 of one that failed. */
async function oneAfterAnother(connections: Connections, count: number, request = POST): Promise<readonly number[]> {
  const statuses: number[] = [];
  const one = (): Promise<number> =>
    new Promise((resolve) => {
      let answered = 0;
      connections.dispatch(request, {
        begun: () => undefined,
        head: (status) => {
          answered = status;
        },
        data: () => undefined,
        end: () => resolve(answered),
        failed: () => resolve(0),
      });
    });
  for (let i = 0; i < count; i++) statuses.push(await one());
  return statuses;
}

describe('a request', () => {
  it('goes over the wire as HTTP/1.1', async () => {
    const server = await answering(OK);
    await answerTo(connect(server).connections);
    expect(server.received[0]?.toString()).toBe(
      [
        'POST /hook?a=1 HTTP/1.1',
        `host: 127.0.0.1:${server.port}`,
        'connection: keep-alive',
        'x-a: 1',
        'content-length: 7',
        '',
        '{"a":1}',
      ].join('\r\n'),
    );
  });

  it.each([
    ['POST', 'content-length: 0'],
    ['PUT', 'content-length: 0'],
    ['GET', undefined],
    ['DELETE', undefined],
  ])('of method %s without a body says how long that is: %s', async (method, header) => {
    const server = await answering(OK);
    await answerTo(connect(server).connections, { method, path: '/', headers: {}, body: null });
    expect(/content-length.*/.exec(server.received[0]?.toString() ?? '')?.[0]).toBe(header);
  });

  it.each([
    ['HEAD', null, 'close'],
    ['GET', Buffer.from('{}'), 'close'],
    ['DELETE', Buffer.from('{}'), 'close'],
    ['OPTIONS', Buffer.from('{}'), 'close'],
    ['GET', null, 'keep-alive'],
    ['GET', Buffer.alloc(0), 'keep-alive'],
    ['DELETE', null, 'keep-alive'],
    ['PATCH', Buffer.from('{}'), 'keep-alive'],
  ])('of method %s with the body %j says of its connection: %s', async (method, body, header) => {
    const server = await answering(OK);
    const { connections } = connect(server);
    for (let i = 0; i < 2; i++) await answerTo(connections, { method, path: '/', headers: {}, body });
    expect(server.received[0]?.toString()).toContain(`\r\nconnection: ${header}\r\n`);
    expect(server.sockets).toHaveLength(header === 'close' ? 2 : 1);
  });

  it('has the bytes of its headers as Latin-1', async () => {
    const server = await answering(OK);
    await answerTo(connect(server).connections, { ...POST, headers: { 'x-a': 'caf\xe9' } });
    expect(server.received[0]?.includes(Buffer.from('x-a: caf\xe9\r\n', 'latin1'))).toBe(true);
  });

  it('of megabytes arrives whole', async () => {
    const body = Buffer.alloc(3_000_000, 'abcdefg');
    const server = await startServer((socket, { received }) => {
      if (received[0]?.subarray(-body.length).equals(body)) socket.write(OK);
    });
    expect((await answerTo(connect(server).connections, { ...POST, body })).status).toBe(200);
  });

  it.each(['/a b', '/a\r\nx-b: 2', '/\xe9', ''])('whose path is %j is not sent, and harms no other', async (path) => {
    const server = await answering(OK);
    const { connections } = connect(server);
    await answerTo(connections);
    expect(() => send(connections, { ...POST, path })).toThrow(TypeError);
    expect((await answerTo(connections)).end).toBe('answered');
    expect(server.sockets).toHaveLength(1);
  });
});

describe('a connection', () => {
  it.each([
    ['takes both after an answer of a length', 1, 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'],
    [
      'takes both after an answer in chunks',
      1,
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n',
    ],
    ['takes both after a 100 that nobody asked for', 1, `HTTP/1.1 100 Continue\r\n\r\n${OK}`],
    ['takes both after a 204', 1, 'HTTP/1.1 204 No Content\r\n\r\n'],
    ['takes both after a 204 of no length', 1, 'HTTP/1.1 204 No Content\r\ncontent-length: 0\r\n\r\n'],
    ['takes one whose 204 speaks of a body', 2, 'HTTP/1.1 204 No Content\r\ncontent-length: 2\r\n\r\n'],
    ['takes one whose 304 speaks of chunks', 2, 'HTTP/1.1 304 Not\r\ntransfer-encoding: chunked\r\n\r\n'],
    ['takes one whose answer ends it', 2, OK.replace('content', 'connection: close\r\ncontent')],
    ['takes one whose answer has more behind it', 2, `${OK}more`],
    [
      'takes one where the server keeps it for two seconds',
      2,
      OK.replace('content', 'keep-alive: timeout=2\r\ncontent'),
    ],
  ])('of two requests %s', async (_, count, bytes) => {
    const server = await answering(bytes);
    const { connections } = connect(server);
    for (let i = 0; i < 2; i++) expect((await answerTo(connections)).end).toBe('answered');
    expect(server.sockets).toHaveLength(count);
  });

  it('whose request is given up when all of the answer is here takes no other request', async () => {
    const server = await answering(`HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok`);
    const { connections } = connect(server);
    const first = send(connections, POST, (sent) => sent.request?.abort());
    await until(() => first.end === 'failed' && server.sockets[0]?.destroyed === true);
    expect((await answerTo(connections)).end).toBe('answered');
    expect(server.sockets).toHaveLength(2);
  });

  it('that the server closes with its answer takes no other request', async () => {
    const server = await startServer((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\nuntil the end'));
    const { connections } = connect(server);
    for (let i = 0; i < 2; i++)
      expect(await answerTo(connections)).toMatchObject({ status: 200, body: 'until the end' });
    expect(server.sockets).toHaveLength(2);
  });

  it.each([
    ['four seconds where the server says nothing', OK, 4000],
    [
      'two seconds less than the server says',
      OK.replace('content', 'Keep-Alive: timeout=30, max=9\r\ncontent'),
      28_000,
    ],
  ])('is closed when it was not used for %s', async (_, bytes, ms) => {
    const server = await answering(bytes);
    const { connections, clock } = connect(server);
    await answerTo(connections);
    await clock.advance(ms - 1);
    expect((await answerTo(connections)).end).toBe('answered');
    await clock.advance(ms - 1);
    expect(server.sockets[0]?.readableEnded).toBe(false);
    await clock.advance(501);
    await until(() => server.sockets[0]?.readableEnded === true);
    expect((await answerTo(connections)).end).toBe('answered');
    expect(server.sockets).toHaveLength(2);
  });

  it('is not used when its time was over before any timer could say so, as after a pause of the process', async () => {
    let pausedMs = 0;
    class PausedClock extends ManualClock {
      override monotonic(): number {
        return super.monotonic() + pausedMs;
      }
    }
    const server = await answering(OK);
    const { connections, clock } = connect(server, 2, new PausedClock());
    await Promise.all([oneAfterAnother(connections, 1), oneAfterAnother(connections, 1)]);
    await clock.advance(0);
    pausedMs = 4000;
    expect((await answerTo(connections)).end).toBe('answered');
    expect(server.sockets).toHaveLength(3);
    await until(() => server.sockets.filter(({ readableEnded }) => readableEnded).length === 2);
  });

  it.each([1, 2])('that the server closes behind each answer costs no request anything, %i at a time', async (most) => {
    const server = await startServer((socket) => socket.end(OK));
    const { connections } = connect(server, most);
    const sent = await Promise.all(Array.from({ length: most }, () => oneAfterAnother(connections, 10)));
    expect(new Set(sent.flat())).toEqual(new Set([200]));
  });

  it('over which something comes behind each answer costs no request anything, and gives none a wrong answer', async () => {
    const server = await startServer((socket) => {
      socket.write(OK);
      setImmediate(() => setImmediate(() => socket.write(OK.replace('200', '500'))));
    });
    expect(new Set(await oneAfterAnother(connect(server).connections, 10))).toEqual(new Set([200]));
  });

  it('takes the next request at once, where others would be allowed', async () => {
    const server = await answering(OK);
    expect(await oneAfterAnother(connect(server, 4).connections, 10)).toHaveLength(10);
    expect(server.sockets).toHaveLength(1);
  });

  it('that the server closes while it is not used costs the next request nothing', async () => {
    const server = await answering(OK);
    const { connections } = connect(server);
    await answerTo(connections);
    const closed = new Promise((resolve) => server.sockets[0]?.once('close', resolve));
    server.sockets[0]?.end();
    await closed;
    expect((await answerTo(connections)).end).toBe('answered');
    expect(server.sockets).toHaveLength(2);
  });

  it('over which something comes while it is not used is closed', async () => {
    const server = await answering(OK);
    const { connections } = connect(server);
    await answerTo(connections);
    server.sockets[0]?.write('HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\n\r\n');
    await until(() => server.sockets[0]?.readableEnded === true);
    expect((await answerTo(connections)).status).toBe(200);
  });

  it('is not used again where the answer came before the request had gone', async () => {
    const server = await startServer((socket, { received }) => {
      if (received[0] && received[0].length < 100_000) {
        socket.pause();
        socket.write(OK.replace('200', '413'));
      } else socket.write(OK);
    });
    const { connections } = connect(server);
    expect((await answerTo(connections, { ...POST, body: Buffer.alloc(50_000_000) })).status).toBe(413);
    server.received[0] = Buffer.alloc(100_000);
    expect((await answerTo(connections)).status).toBe(200);
    expect(server.sockets).toHaveLength(2);
  });

  it.each([
    ['without a length ends it', 'HTTP/1.0 200 OK\r\n\r\nok', 'answered'],
    ['of a length fails', 'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nok', 'failed'],
    ['of which the head is not whole fails', 'HTTP/1.0 200 OK\r\nserver:', 'failed'],
  ])('that is reset behind an answer %s', async (_, bytes, end) => {
    const server = await answering(bytes);
    const sent = send(connect(server).connections, POST);
    await until(() => server.received.some(({ length }) => length > 0));
    if (bytes.endsWith('ok')) await until(() => sent.body === 'ok');
    server.sockets[0]?.resetAndDestroy();
    await until(() => sent.end !== 'none');
    expect(sent.end).toBe(end);
  });

  it('that is reset because its server has not read all of a request brings the answer', async () => {
    const server = await startServer((socket) => {
      socket.pause();
      socket.write('HTTP/1.0 413 Too Large\r\n\r\nno', () => socket.destroy());
    });
    const sent = await answerTo(connect(server).connections, { ...POST, body: Buffer.alloc(20_000_000) });
    expect(sent).toMatchObject({ end: 'answered', status: 413, body: 'no' });
  });

  it('to which a write fails still brings the answer that came before', async () => {
    // On a thread of its own: it must be able to close while a write is under way.
    const server = new Worker(
      `const { createServer } = require('node:net');
       const { parentPort } = require('node:worker_threads');
       const refuse = (socket) => {
         socket.pause();
         socket.write('HTTP/1.1 413 Too Large\\r\\nconnection: close\\r\\ncontent-length: 2\\r\\n\\r\\nno', () => socket.destroy());
       };
       const server = createServer((socket) => socket.on('error', () => undefined).once('data', () => refuse(socket)));
       server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));`,
      { eval: true },
    );
    onTestFinished(async () => void (await server.terminate()));
    const port = await new Promise<number>((resolve) => server.once('message', resolve));
    const { connections } = connect({ url: `http://127.0.0.1:${port}/`, port });
    const request = { ...POST, body: Buffer.alloc(3_000_000) };
    expect(new Set(await oneAfterAnother(connections, 30, request))).toEqual(new Set([413]));
  });

  it('whose answer breaks off fails its request, and only that', async () => {
    const server = await startServer((socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf'));
    const { error, end } = await answerTo(connect(server).connections);
    expect([end, error]).toEqual(['failed', expect.objectContaining({ code: 'CONNECTION_RESET' })]);
  });
});

describe('the connections to a target', () => {
  it('are as many as it allows; what is more waits its turn', async () => {
    const server = await startServer(() => undefined);
    const { connections } = connect(server, 2);
    const sent = Array.from({ length: 4 }, () => send(connections));
    await until(() => server.received.filter((bytes) => bytes.length > 0).length === 2);
    expect(sent.map(({ request }) => request !== undefined)).toEqual([true, true, false, false]);
    server.sockets[0]?.write(OK);
    server.sockets[1]?.destroy();
    await until(() => sent.every(({ request }) => request));
    await until(() => server.sockets.length === 3 && (server.received[2]?.length ?? 0) > 0);
    for (const socket of server.sockets) if (!socket.destroyed) socket.write(OK);
    await until(() => sent.every(({ end }) => end !== 'none'));
    expect(sent.map(({ end }) => end).toSorted()).toEqual(['answered', 'answered', 'answered', 'failed']);
  });

  it('that are retired let what is under way end, and are closed then', async () => {
    const server = await startServer(() => undefined);
    const { connections } = connect(server, 2);
    const busy = send(connections);
    const other = send(connections);
    await until(() => server.received.filter((bytes) => bytes.length > 0).length === 2);
    server.sockets[0]?.write(OK);
    await until(() => busy.end === 'answered' || other.end === 'answered');
    connections.retire();
    await until(() => server.sockets[0]?.readableEnded === true);
    server.sockets[1]?.write(OK);
    await until(() => busy.end === 'answered' && other.end === 'answered');
    await until(() => server.sockets[1]?.readableEnded === true);
  });

  it('that are destroyed fail what is under way and what waits', async () => {
    const server = await startServer(() => undefined);
    const { connections } = connect(server);
    const sent = [send(connections), send(connections)];
    await until(() => (server.received[0]?.length ?? 0) > 0);
    const error = new Error('enough');
    await connections.destroy(error);
    expect(sent.map((one) => [one.end, one.error])).toEqual([
      ['failed', error],
      ['failed', error],
    ]);
    await until(() => server.sockets[0]?.destroyed === true);
  });

  it('cut a request that is given up, before its connection has come about too', async () => {
    const server = await startServer(() => undefined);
    const { connections } = connect(server);
    const early = send(connections);
    early.request?.abort();
    const late = send(connections);
    await until(() => server.received.some((bytes) => bytes.length > 0));
    late.request?.abort();
    late.request?.abort();
    expect([early.end, late.end]).toEqual(['failed', 'failed']);
    await until(() => server.sockets.every(({ destroyed }) => destroyed));
  });
});
