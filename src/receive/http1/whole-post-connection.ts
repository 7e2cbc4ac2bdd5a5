/** One connection on which each request has come whole so far. */
import type { Socket } from 'node:net';
import type { Clock } from '../../kit/clock.ts';
import type { Sweep } from '../../kit/sweep.ts';
import { readWholePost, type WholePost } from './read-whole-post.ts';
import { type RawAnswer, writeAnswer } from './write-answer.ts';

/** Undefined where Node's parser is to read the request. Must not throw or reject. */
export type TakePost = (post: WholePost, socket: Socket) => Promise<RawAnswer> | undefined;

export interface ConnectionPorts {
  readonly take: TakePost;
  readonly maxHeaderBytes: number;
  readonly clock: Pick<Clock, 'now'>;
  readonly sweep: Sweep<WholePostConnection>;
  /** For how long a connection is kept after an answer, in milliseconds; 0 while the server ends. */
  keptMs(): number;
  /** Gives the socket to Node; what was read of it and not taken is in it again. */
  handOver(): void;
  /** It is closed, or Node's; may be called twice. */
  left(): void;
}

export interface WholePostConnection {
  /** No request is under way. */
  readonly isIdle: boolean;
  /** It has said nothing for too long. */
  expire(): void;
  destroy(): void;
}

/** Who has connected and says nothing is left to Node after this, which has its own patience. */
const FIRST_WORD_MS = 1000;
/** A sender that believes in the time it was told may be this late. */
const LATE_MS = 1000;

export function readPosts(socket: Socket, ports: ConnectionPorts): WholePostConnection {
  const { take, maxHeaderBytes, clock, sweep } = ports;
  let isUsed = false;
  let isIdle = true;
  let isEnded = false;

  function read(bytes: Buffer): void {
    if (!isIdle) {
      // back to where it came from: what is unread there also holds back the sender's end
      socket.pause();
      socket.unshift(bytes);
      return;
    }
    const post = socket.writableNeedDrain ? undefined : readWholePost(bytes, maxHeaderBytes);
    const answer = post && take(post, socket);
    if (!answer) {
      giveToNode(bytes);
      return;
    }
    isUsed = true;
    isIdle = false;
    sweep.done(connection, place);
    answer.then(write);
  }

  function write(answer: RawAnswer): void {
    if (socket.destroyed) return;
    const keptMs = isEnded ? 0 : ports.keptMs();
    socket.write(writeAnswer(answer, { keptMs, now: clock.now() }));
    if (keptMs === 0) {
      socket.destroySoon();
      return;
    }
    isIdle = true;
    if (socket.readableLength > 0) giveToNode();
    else place = sweep.watch(connection, keptMs + LATE_MS);
  }

  /** The sender has closed its side; it may still wait for an answer. */
  function end(): void {
    isEnded = true;
    if (isIdle) socket.destroySoon();
  }

  function fail(): void {
    socket.destroy();
  }

  function leave(): void {
    sweep.done(connection, place);
    ports.left();
  }

  function giveToNode(bytes?: Buffer): void {
    leave();
    socket.off('data', read).off('end', end).off('error', fail).off('close', leave);
    socket.pause();
    if (bytes) socket.unshift(bytes);
    ports.handOver();
    socket.resume();
  }

  const connection: WholePostConnection = {
    get isIdle() {
      return isIdle;
    },
    expire: () => (isUsed ? fail() : giveToNode()),
    destroy: fail,
  };
  let place = sweep.watch(connection, FIRST_WORD_MS);
  socket.on('data', read).on('end', end).on('error', fail).on('close', leave);
  return connection;
}
