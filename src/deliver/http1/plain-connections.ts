/** The connections to a target without TLS: as many as it allows, kept open between requests for as long as its server keeps them. */
import type { Clock } from '../../kit/clock.ts';
import { createSweep } from '../../kit/sweep.ts';
import type { AnswerListener, Connections } from '../connections.ts';
import type { DialRule } from '../dial-rule.ts';
import { type Connection, openConnection } from './connection.ts';
import { createRest } from './rest.ts';
import { type WrittenBytes, writeRequest } from './write-request.ts';

export interface PlainOptions {
  /** `http://host:port`. */
  readonly origin: string;
  /** Connections at a time. */
  readonly most: number;
  readonly rule: DialRule;
  readonly clock: Clock;
}

interface Waiting {
  readonly request: WrittenBytes;
  readonly listener: AnswerListener;
}

interface Resting {
  readonly connection: Connection;
  readonly idleMs: number;
}

interface Idle {
  readonly connection: Connection;
  readonly place: number;
  /** Of the monotonic clock. */
  readonly until: number;
}

/** By how much longer than it should be an unused connection may be kept. */
const COARSE_MS = 500;
const HTTP_PORT = 80;

export function createPlainConnections({ origin, most, rule, clock }: PlainOptions): Connections {
  const { host, port } = new URL(origin);
  const open = new Set<Connection>();
  /** The one that was used last is used next: those that are not needed get old. */
  const idle: Idle[] = [];
  const waiting: Waiting[] = [];
  /** What a server sends behind an answer, and that it closes without having said so, must not meet the next request. */
  const rest = createRest<Resting>(endRest);
  const sweep = createSweep<Connection>({ clock, coarseMs: COARSE_MS, expire: (connection) => connection.destroy() });
  let isRetired = false;

  function send({ request, listener }: Waiting): void {
    const used = takeIdle();
    if (used) {
      used.send(request, listener);
      return;
    }
    const refusal = rule.refusal();
    if (refusal) listener.failed(refusal);
    else dial().send(request, listener);
  }

  /** After a pause of the whole process the sweep may come too late: the server has closed by then, and nothing of that has been read yet. */
  function takeIdle(): Connection | undefined {
    for (let entry = idle.pop(); entry; entry = idle.pop()) {
      sweep.done(entry.connection, entry.place);
      if (clock.monotonic() < entry.until) return entry.connection;
      entry.connection.destroy();
    }
    return undefined;
  }

  function dial(): Connection {
    const connection = openConnection({ port: port === '' ? HTTP_PORT : Number(port), rule, clock, onIdle, onClosed });
    open.add(connection);
    return connection;
  }

  function onIdle(connection: Connection, idleMs: number): void {
    rest.begin({ connection, idleMs });
  }

  function endRest({ connection, idleMs }: Resting): void {
    const next = waiting.shift();
    if (next) connection.send(next.request, next.listener);
    else if (isRetired) connection.destroy();
    else idle.push({ connection, place: sweep.watch(connection, idleMs), until: clock.monotonic() + idleMs });
  }

  function onClosed(connection: Connection): void {
    open.delete(connection);
    rest.leave((entry) => entry.connection === connection);
    const index = idle.findIndex((entry) => entry.connection === connection);
    const [left] = index < 0 ? [] : idle.splice(index, 1);
    if (left) sweep.done(connection, left.place);
    const next = waiting.shift();
    if (next) send(next);
  }

  return {
    dispatch(request, listener) {
      const entry = { request: writeRequest(request, host), listener };
      if (idle.length > 0 || (open.size < most && waiting.length >= rest.count())) send(entry);
      else waiting.push(entry);
    },
    retire() {
      isRetired = true;
      for (const { connection } of [...idle]) connection.destroy();
    },
    async destroy(error) {
      isRetired = true;
      for (const { listener } of waiting.splice(0)) listener.failed(error);
      for (const connection of [...open]) connection.destroy(error);
    },
  };
}
