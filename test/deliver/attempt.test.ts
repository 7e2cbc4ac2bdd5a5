import type { RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Answer, type Attempter, createAttempter } from '../../src/deliver/attempt.ts';
import { createLookup, type Lookup } from '../../src/deliver/dns.ts';
import { buildOutgoing } from '../../src/deliver/outgoing.ts';
import type { Target } from '../../src/model/target.ts';
import { ManualClock } from '../kit/manual-clock.ts';
import { listen, startConsumer, target, until } from './rig.ts';
import { SELF_SIGNED } from './self-signed.ts';

const clock = new ManualClock();

function attempterWith(lookup: Lookup = createLookup()): Attempter {
  const attempter = createAttempter({ clock, lookup });
  onTestFinished(() => attempter.destroy());
  return attempter;
}

function post(attempter: Attempter, to: Target): Promise<Answer> {
  const built = buildOutgoing({
    target: to,
    request: { event: 'x', method: 'POST', headers: {}, body: Buffer.from('{"a":1}') },
    delivery: { id: 'dlv_1', replays: 0 },
    index: 0,
    attempt: 1,
    hops: 0,
    now: clock.now(),
    version: '1',
    maxHops: 3,
  });
  if (built.kind !== 'built') throw new Error(built.reason.message);
  return attempter.attempt(to, built.outgoing);
}

const postTo = (url: string, changes: Partial<Target> = {}, lookup?: Lookup): Promise<Answer> =>
  post(attempterWith(lookup), target({ url, ...changes }));

/** A server that speaks no HTTP of its own accord. */
async function listenRaw(onSocket: (socket: Socket) => void): Promise<{ url: string; sockets: Socket[] }> {
  const sockets: Socket[] = [];
  const server = createTcpServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    onSocket(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, sockets };
}

/** Answers each request with the same bytes. */
const answering = (bytes: string | Buffer) => listenRaw((socket) => socket.once('data', () => socket.write(bytes)));

/** HTTP/1.1 over TLS, with a certificate that is only trusted where a test says so. */
async function listenTls(listener: RequestListener): Promise<string> {
  const server = createTlsServer(SELF_SIGNED, listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** Lets the sweep find that a request has taken too long. */
async function timePasses(ms: number, until_: () => boolean): Promise<void> {
  await until(until_);
  await clock.advance(ms);
}

describe('an answer', () => {
  it('comes back with status, headers and body', async () => {
    const consumer = await startConsumer((response) => {
      response.writeHead(201, { 'x-a': '1', 'set-cookie': ['a=1', 'b=2'] }).end('made');
    });
    const { response, error } = await postTo(consumer.url);
    expect(error).toBeNull();
    expect(response).toMatchObject({ status: 201, truncated: false });
    expect(Buffer.from(response?.body ?? []).toString()).toBe('made');
    expect(response?.headers).toMatchObject({ 'x-a': '1', 'set-cookie': 'a=1, b=2' });
    expect(consumer.received[0]?.body.toString()).toBe('{"a":1}');
  });

  it.each([301, 302, 303, 307, 308])('that is a redirect (%i) is not followed', async (status) => {
    const other = await startConsumer();
    const { url } = await listen((_, response) => response.writeHead(status, { location: other.url }).end());
    expect((await postTo(url)).response?.status).toBe(status);
    expect(other.received).toEqual([]);
  });

  it('is the last one after interim answers, asked for or not', async () => {
    const { url } = await answering(
      'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n',
    );
    expect((await postTo(url)).response?.status).toBe(204);
  });

  it('may end with trailers', async () => {
    const chunked = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nx-trailer: 1\r\n\r\n';
    const { url } = await answering(chunked);
    expect(Buffer.from((await postTo(url)).response?.body ?? []).toString()).toBe('ok');
  });

  it('of exactly 16 KiB is kept whole, and one byte more is cut off', async () => {
    const { url } = await listen((request, response) => response.end(Buffer.alloc(Number(request.url?.slice(1)), 'x')));
    const whole = (await postTo(`${url}/16384`)).response;
    expect([whole?.body.length, whole?.truncated]).toEqual([16_384, false]);
    const cut = (await postTo(`${url}/16385`)).response;
    expect([cut?.body.length, cut?.truncated]).toEqual([16_384, true]);
  });

  it('that never ends is cut off after 16 KiB, and the connection with it', async () => {
    const { url, sockets } = await listenRaw((socket) => {
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        const more = (): void => {
          while (!socket.destroyed && socket.write(Buffer.alloc(65_536, 'x')));
        };
        socket.on('drain', more);
        more();
      });
    });
    const { response } = await postTo(url);
    expect([response?.status, response?.body.length, response?.truncated]).toEqual([200, 16_384, true]);
    await until(() => sockets[0]?.destroyed === true);
  });

  it('that would inflate to gigabytes is kept as it came', async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    const { url } = await listen((_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb));
    const { response } = await postTo(url);
    expect(response?.truncated).toBe(true);
    expect(Buffer.from(response?.body ?? []).equals(bomb.subarray(0, 16_384))).toBe(true);
  });

  it('leaves the connection open for the next request, and uses no more of them than the target allows', async () => {
    const connections = new Set<Socket>();
    const { server, url } = await listen((_, response) => response.end('ok'));
    server.on('connection', (socket) => connections.add(socket));
    const attempter = attempterWith();
    const to = target({ url, concurrency: 2 });
    for (let i = 0; i < 20; i++) await Promise.all([post(attempter, to), post(attempter, to)]);
    expect(connections.size).toBeLessThanOrEqual(2);
  });
});

describe('an answer over TLS', () => {
  const trusted = getCACertificates('default');
  const trustIt = (): void => {
    setDefaultCACertificates([...trusted, SELF_SIGNED.cert]);
    onTestFinished(() => setDefaultCACertificates(trusted));
  };

  it('comes back with status, headers and body', async () => {
    trustIt();
    const url = await listenTls((_, response) => {
      response.writeHead(201, { 'x-a': '1', 'set-cookie': ['a=1', 'b=2'] }).end('made');
    });
    const { response, error } = await postTo(url);
    expect(error).toBeNull();
    expect(response).toMatchObject({ status: 201, truncated: false });
    expect(Buffer.from(response?.body ?? []).toString()).toBe('made');
    expect(response?.headers).toMatchObject({ 'x-a': '1', 'set-cookie': 'a=1, b=2' });
  });

  it('is cut off after 16 KiB', async () => {
    trustIt();
    const url = await listenTls((_, response) => response.end(Buffer.alloc(100_000, 'x')));
    const { response } = await postTo(url);
    expect([response?.status, response?.body.length, response?.truncated]).toEqual([200, 16_384, true]);
  });

  it('that does not come is TIMEOUT', async () => {
    trustIt();
    let hasCome = false;
    const url = await listenTls(() => {
      hasCome = true;
    });
    const answer = postTo(url, { timeoutMs: 3000 });
    await timePasses(3100, () => hasCome);
    expect((await answer).error?.code).toBe('TIMEOUT');
  });

  it('does not come from a forbidden address', async () => {
    expect((await postTo('https://169.254.169.254/')).error?.code).toBe('ADDRESS_FORBIDDEN');
  });
});

describe('no answer', () => {
  const codeOf = async (answer: Promise<Answer>): Promise<string | undefined> => (await answer).error?.code;

  it('from a port where nothing listens is CONNECTION_REFUSED', async () => {
    const { url, server } = await listen(() => undefined);
    await new Promise((resolve) => server.close(resolve));
    expect(await codeOf(postTo(url))).toBe('CONNECTION_REFUSED');
  });

  it('from a target that never answers is TIMEOUT, and the connection is cut', async () => {
    const { url, sockets } = await listenRaw((socket) => socket.resume());
    const answer = postTo(url, { timeoutMs: 3000 });
    await timePasses(3100, () => (sockets[0]?.bytesRead ?? 0) > 0);
    expect(await codeOf(answer)).toBe('TIMEOUT');
    await until(() => sockets[0]?.destroyed === true);
  });

  it('from a target whose body drips is TIMEOUT, however often a byte comes', async () => {
    const { url, sockets } = await listenRaw((socket) => {
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n');
        const drip = setInterval(() => socket.write('x'), 5);
        socket.on('close', () => clearInterval(drip));
      });
    });
    let isOver = false;
    const answer = postTo(url, { timeoutMs: 3000 }).finally(() => {
      isOver = true;
    });
    await until(() => (sockets[0]?.bytesWritten ?? 0) > 60);
    await clock.advance(2900);
    expect(isOver).toBe(false);
    await clock.advance(200);
    expect(await codeOf(answer)).toBe('TIMEOUT');
    await until(() => sockets[0]?.destroyed === true);
  });

  it('from a target whose headers drip is TIMEOUT', async () => {
    const { url, sockets } = await listenRaw((socket) =>
      socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\nx-a: ')),
    );
    const answer = postTo(url, { timeoutMs: 3000 });
    await timePasses(3100, () => (sockets[0]?.bytesWritten ?? 0) > 0);
    expect(await codeOf(answer)).toBe('TIMEOUT');
  });

  it('from a target that resets is CONNECTION_RESET', async () => {
    const { url } = await listenRaw((socket) => socket.once('data', () => socket.resetAndDestroy()));
    expect(await codeOf(postTo(url))).toBe('CONNECTION_RESET');
  });

  it('from a target that hangs up in the middle of the body is CONNECTION_RESET', async () => {
    const { url } = await listenRaw((socket) =>
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nhalf')),
    );
    expect(await codeOf(postTo(url))).toBe('CONNECTION_RESET');
  });

  it.each([
    ['no HTTP', 'SSH-2.0-OpenSSH_9.9\r\n'],
    ['two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab'],
    [
      'a length and chunks',
      'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n',
    ],
    ['endless headers', `HTTP/1.1 200 OK\r\nx-a: ${'a'.repeat(100_000)}`],
  ])('but %s is BAD_RESPONSE', async (_, bytes) => {
    const { url } = await answering(bytes);
    expect(await codeOf(postTo(url))).toBe('BAD_RESPONSE');
  });

  it('but a change to another protocol that nobody asked for is BAD_RESPONSE, and says so', async () => {
    const { url } = await answering('HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\n\r\n');
    const message = expect.stringContaining('which nobody had asked for');
    expect((await postTo(url)).error).toEqual({ code: 'BAD_RESPONSE', message });
  });

  it('from a server whose certificate nobody vouches for is TLS_SELF_SIGNED', async () => {
    const url = await listenTls((_, response) => response.end());
    expect(await codeOf(postTo(url))).toBe('TLS_SELF_SIGNED');
  });

  it('from a server that speaks no TLS is TLS_FAILED', async () => {
    const { url } = await listen((_, response) => response.end());
    expect(await codeOf(postTo(url.replace('http:', 'https:')))).toBe('TLS_FAILED');
  });

  it.each([
    ['ENOTFOUND', 'DNS_NOT_FOUND'],
    ['EAI_AGAIN', 'DNS_FAILED'],
  ])('for a name that is %s is %s', async (code, reason) => {
    const lookup: Lookup = () => Promise.reject(Object.assign(new Error(code), { code }));
    expect(await codeOf(postTo('http://name.invalid/', {}, lookup))).toBe(reason);
  });

  it('for a name that the system does not know is a failure of DNS', async () => {
    expect(await codeOf(postTo('http://no-such-host.invalid/'))).toMatch(/^DNS_/);
  });

  it('for a connection that does not come about is CONNECT_TIMEOUT', async () => {
    const lookup: Lookup = () => new Promise(() => undefined);
    const answer = postTo('http://slow.invalid/', { connectTimeoutMs: 2000 }, lookup);
    await clock.advance(2000);
    expect(await codeOf(answer)).toBe('CONNECT_TIMEOUT');
  });

  it('because the relay stops is STOPPED', async () => {
    const { url, sockets } = await listenRaw((socket) => socket.resume());
    const attempter = createAttempter({ clock, lookup: createLookup() });
    const answer = post(attempter, target({ url }));
    await until(() => (sockets[0]?.bytesRead ?? 0) > 0);
    await attempter.destroy();
    expect(await codeOf(answer)).toBe('STOPPED');
  });
});

describe('the address that is dialled', () => {
  const to =
    (address: string): Lookup =>
    async () => [{ address, family: address.includes(':') ? 6 : 4 }];
  const subscriber = { trust: 'subscriber' } as const;

  it('must not be private for a subscriber, whether written or resolved', async () => {
    const consumer = await startConsumer();
    const port = new URL(consumer.url).port;
    const named = `http://name.test:${port}/`;
    expect((await postTo(consumer.url, subscriber)).error?.code).toBe('ADDRESS_FORBIDDEN');
    expect((await postTo(`http://2130706433:${port}/`, subscriber)).error?.code).toBe('ADDRESS_FORBIDDEN');
    expect((await postTo(`http://[::ffff:127.0.0.1]:${port}/`, subscriber)).error?.code).toBe('ADDRESS_FORBIDDEN');
    expect((await postTo(`http://localhost:${port}/`, subscriber)).error?.code).toBe('ADDRESS_FORBIDDEN');
    expect((await postTo(named, subscriber, to('127.0.0.1'))).error?.code).toBe('ADDRESS_FORBIDDEN');
    expect((await postTo(named, subscriber, to('::ffff:7f00:1'))).error?.code).toBe('ADDRESS_FORBIDDEN');
    expect(consumer.received).toEqual([]);
  });

  it('may be private where the operator allows it', async () => {
    const consumer = await startConsumer();
    const allowed = { ...subscriber, allowPrivate: ['127.0.0.0/8'] };
    expect((await postTo(consumer.url, allowed)).response?.status).toBe(200);
  });

  it('is never cloud metadata, not even for a configured target', async () => {
    expect((await postTo('http://169.254.169.254/latest/meta-data/')).error?.code).toBe('ADDRESS_FORBIDDEN');
    expect((await postTo('http://metadata.test/', {}, to('169.254.169.254'))).error?.code).toBe('ADDRESS_FORBIDDEN');
    expect((await postTo('http://[fd00:ec2::254]/')).error?.code).toBe('ADDRESS_FORBIDDEN');
  });

  it('is looked at again on every connection, so a name that changes its mind gains nothing', async () => {
    const consumer = await startConsumer((response) => response.setHeader('connection', 'close').end());
    const addresses = ['127.0.0.1', '169.254.169.254'];
    const attempter = attempterWith(async () => [{ address: addresses.shift() ?? '', family: 4 }]);
    const rebinding = target({ url: `http://name.test:${new URL(consumer.url).port}/` });
    expect((await post(attempter, rebinding)).response?.status).toBe(200);
    expect((await post(attempter, rebinding)).error?.code).toBe('ADDRESS_FORBIDDEN');
  });

  it('is one of the allowed ones where a name has several', async () => {
    const consumer = await startConsumer();
    const lookup: Lookup = async () => [
      { address: '169.254.169.254', family: 4 },
      { address: '127.0.0.1', family: 4 },
    ];
    expect((await postTo(`http://name.test:${new URL(consumer.url).port}/`, {}, lookup)).response?.status).toBe(200);
  });
});
