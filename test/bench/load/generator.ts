/** A sender as a process of its own: drives a port with events over raw sockets, so that it costs less than what it measures. */
import { connect, type Socket } from 'node:net';
import { clip } from './clip.ts';
import { createTimes, type FromGenerator, type Load, type Loaded, nowMs, type ToGenerator } from './exchange.ts';

process.on('message', (message: ToGenerator) => {
  const answer: Promise<FromGenerator> = message.do === 'load' ? drive(message) : knock(message.port, message.path);
  answer.then(
    (one) => process.send?.(one),
    (error: Error) => process.send?.({ failed: error.message } satisfies FromGenerator),
  );
});
process.on('disconnect', () => process.exit());

function requestOf(path: string, body: string): string {
  return `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
}

interface Connection {
  readonly socket: Socket;
  /** When the request under way was due; undefined between requests. */
  dueAt: number | undefined;
}

function drive(load: Load): Promise<Loaded> {
  const times = createTimes();
  const startedAt = nowMs();
  const endsAt = startedAt + (load.durationMs ?? Number.POSITIVE_INFINITY);
  const most = load.events ?? Number.POSITIVE_INFINITY;
  const rooms = load.rooms ?? 1000;
  let sent = 0;
  let accepted = 0;
  let ended = 0;
  /** The one that has rested longest is taken first: a server closes what rests too long. */
  const idle: Connection[] = [];

  return new Promise((resolve, fail) => {
    const finish = (): void => {
      for (const { socket } of connections) socket.destroy();
      resolve({ sent, accepted, startedAt, endedAt: nowMs(), latency: times.quantiles() });
    };
    const dueAt = (n: number): number => (load.ratePerS ? startedAt + (n * 1000) / load.ratePerS : nowMs());
    const isOver = (): boolean => sent >= most || nowMs() >= endsAt;

    const sendOn = (connection: Connection): void => {
      const n = sent++;
      const due = dueAt(n);
      connection.dueAt = due;
      const number = load.from + n;
      connection.socket.write(requestOf(load.path, clip(number, due, number % rooms)), 'latin1');
    };
    const next = (connection: Connection): void => {
      if (isOver()) {
        if (++ended === load.connections) finish();
      } else if (!load.ratePerS || dueAt(sent) <= nowMs()) sendOn(connection);
      else idle.push(connection);
    };
    const tick = (): void => {
      while (idle.length > 0 && (isOver() || dueAt(sent) <= nowMs())) next(idle.shift() as Connection);
      if (ended < load.connections) setTimeout(tick, 1);
    };
    const connections = Array.from({ length: load.connections }, (_, index) => {
      const port = load.ports[index % load.ports.length] as number;
      const connection: Connection = { socket: connect(port, '127.0.0.1'), dueAt: undefined };
      connection.socket.setNoDelay(true);
      onAnswers(connection.socket, (status) => {
        times.add(nowMs() - (connection.dueAt ?? Number.NaN));
        connection.dueAt = undefined;
        if (status >= 200 && status < 300) accepted++;
        next(connection);
      });
      connection.socket.on('error', fail);
      connection.socket.on('close', () => {
        if (connection.dueAt !== undefined) fail(new Error('a connection was closed before its answer'));
      });
      connection.socket.once('connect', () => next(connection));
      return connection;
    });
    if (load.ratePerS) tick();
  });
}

/** Calls back at the end of each answer on a connection that has one request under way. */
function onAnswers(socket: Socket, answered: (status: number) => void): void {
  let text = '';
  socket.setEncoding('latin1');
  socket.on('data', (chunk: string) => {
    text = text === '' ? chunk : text + chunk;
    const head = text.indexOf('\r\n\r\n');
    if (head < 0) return;
    const length = /content-length: *(\d+)/i.exec(text);
    if (length ? text.length < head + 4 + Number(length[1]) : !text.endsWith('\r\n0\r\n\r\n')) return;
    const status = Number(text.slice(9, 12));
    text = '';
    answered(status);
  });
}

/** Tries one request after the other until one is answered 2xx. */
function knock(port: number, path: string): Promise<{ readonly answeredAt: number }> {
  return new Promise((resolve) => {
    const attempt = (n: number): void => {
      const socket = connect(port, '127.0.0.1');
      const again = (): void => {
        socket.destroy();
        setTimeout(attempt, 1, n + 1);
      };
      socket.once('error', again);
      socket.once('connect', () => socket.write(requestOf(path, clip(n, nowMs(), 1)), 'latin1'));
      onAnswers(socket, (status) => {
        if (status < 200 || status > 299) return again();
        socket.destroy();
        resolve({ answeredAt: nowMs() });
      });
    };
    attempt(2 ** 40 + Math.floor(Math.random() * 2 ** 40));
  });
}
