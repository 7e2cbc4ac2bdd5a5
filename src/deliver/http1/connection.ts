/** One connection over which requests go, each after the answer to the one before. */
import { connect, type Socket } from 'node:net';
import type { Clock } from '../../kit/clock.ts';
import type { AnswerListener } from '../connections.ts';
import type { DialRule } from '../dial-rule.ts';
import { AttemptFailed, reasonFor } from '../failure.ts';
import type { AnswerHead } from './answer-head.ts';
import { createAnswerReader, type ReaderListener } from './answer-reader.ts';
import type { WrittenBytes } from './write-request.ts';

export interface ConnectionOptions {
  readonly port: number;
  readonly rule: DialRule;
  readonly clock: Clock;
  /** It may take another request, for so many milliseconds. */
  onIdle(connection: Connection, idleMs: number): void;
  /** It is of no more use; called once. */
  onClosed(connection: Connection): void;
}

export interface Connection {
  /** Only after it was made, and after each `onIdle`. */
  send(request: WrittenBytes, listener: AnswerListener): void;
  /** Cuts it; a request under way fails with the error. */
  destroy(error?: Error): void;
}

/** TCP's own looking after a connection on which nothing happens. */
const PROBE_AFTER_MS = 60_000;

/** How long an unused connection is kept where its server does not say; and how much less than what it says. */
const IDLE_MS = 4000;
const IDLE_MARGIN_MS = 2000;
const LONGEST_IDLE_MS = 600_000;

/**
 * The other side is gone; so ends a connection on which not all of a request was read. An answer that goes on until then is complete:
 * what came before the reset has been read by now.
 */
const CUT = new Set(['ECONNRESET', 'EPIPE']);

/** What came last, for all connections: it is read before anything else comes. */
const ARRIVED = Buffer.allocUnsafeSlow(64 * 1024);

/** Dials at once. A request may be given to it meanwhile. */
export function openConnection(options: ConnectionOptions): Connection {
  const { rule, clock } = options;
  let listener: AnswerListener | undefined;
  let head: AnswerHead | undefined;
  let isLast = false;
  let isClosed = false;

  const answer: ReaderListener = {
    head(read) {
      head = read;
      listener?.head(read.status, read.headers);
    },
    data: (chunk) => listener?.data(Buffer.from(chunk)),
    end(isClean) {
      // The rest of a piece is read after the request was given up: what was closed then must not be used again.
      if (isClosed) return;
      const ended = listener;
      const idleMs = isClean && !isLast && head?.persists && socket.writableLength === 0 ? idleMsOf(head) : 0;
      listener = undefined;
      head = undefined;
      // Told last: it may lead to the next request, which must find this connection among those that are free soon, or gone.
      if (idleMs > 0) options.onIdle(connection, idleMs);
      else close();
      ended?.end();
    },
  };
  const reader = createAnswerReader(answer);

  const socket: Socket = connect({
    ...{ host: rule.host, port: options.port, lookup: rule.lookup, autoSelectFamily: true },
    ...{ noDelay: true, keepAlive: true, keepAliveInitialDelay: PROBE_AFTER_MS },
    onread: {
      buffer: ARRIVED,
      callback(length) {
        const wrong = isClosed ? undefined : reader.feed(ARRIVED.subarray(0, length));
        if (wrong !== undefined) fail(badAnswer(wrong));
        return true;
      },
    },
  });
  // A write that fails would have Node destroy the socket, and with it an answer that has come and says why: that is read first.
  const destroyNow = socket.destroy;
  socket.destroy = (error) => {
    if (isOfWrite(error)) behindNextPoll(() => destroyNow.call(socket, error));
    else destroyNow.call(socket, error);
    return socket;
  };
  const dialling = clock.after(rule.timeoutMs, () => fail(failed('CONNECT_TIMEOUT')));
  socket.on('connect', dialling.cancel);
  socket.on('error', (error: NodeJS.ErrnoException) => {
    if (CUT.has(error.code ?? '')) noMoreComes(error);
    else fail(error);
  });
  socket.on('end', () => noMoreComes(failed('CONNECTION_RESET')));
  socket.on('close', () => fail(failed('CONNECTION_RESET')));

  /** The error is of the answer, where that had not ended. */
  function noMoreComes(error: Error): void {
    if (reader.close()) close();
    else fail(error);
  }

  function close(): void {
    if (isClosed) return;
    isClosed = true;
    dialling.cancel();
    socket.destroy();
    options.onClosed(connection);
  }

  function fail(error: Error): void {
    const failing = listener;
    listener = undefined;
    close();
    failing?.failed(error);
  }

  const connection: Connection = {
    send(request, to) {
      listener = to;
      isLast = request.isLast;
      reader.expect(request.method);
      to.begun({
        abort() {
          if (listener === to) fail(failed('STOPPED'));
        },
      });
      if (isClosed) return;
      for (const part of request.bytes) socket.write(part);
    },
    destroy: (error = failed('STOPPED')) => fail(error),
  };
  return connection;
}

function idleMsOf({ headers }: AnswerHead): number {
  const seconds = /(?:^|[,\s])timeout=(\d{1,9})/i.exec(headers['keep-alive'] ?? '')?.[1];
  return seconds === undefined ? IDLE_MS : Math.min(Number(seconds) * 1000 - IDLE_MARGIN_MS, LONGEST_IDLE_MS);
}

function isOfWrite(error: NodeJS.ErrnoException | undefined): boolean {
  return error?.syscall === 'write' && CUT.has(error.code ?? '');
}

/** The immediates of a turn come behind its poll, theirs behind the next one: what the network has for us by now is read then. */
function behindNextPoll(then: () => void): void {
  setImmediate(() => setImmediate(then));
}

function failed(code: string): AttemptFailed {
  return new AttemptFailed(code, reasonFor(code).message);
}

function badAnswer(what: string): AttemptFailed {
  return new AttemptFailed('BAD_RESPONSE', `${reasonFor('BAD_RESPONSE').message}: ${what}`);
}
