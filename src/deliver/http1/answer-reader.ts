/** Reads the answers that come over one connection, in whatever pieces the network hands out (RFC 9112). */
import { type AnswerHead, NOT_HTTP, readAnswerHead } from './answer-head.ts';

/** Told of one answer: `head` once, `data` as often as bytes of its body come, `end` once, when all that was fed has been looked at. */
export interface ReaderListener {
  head(head: AnswerHead): void;
  /** A view, overwritten by what comes next. */
  data(chunk: Uint8Array): void;
  /** `isClean`: nothing came behind it. */
  end(isClean: boolean): void;
}

export interface AnswerReader {
  /** One more answer is to come, to a request of this method. */
  expect(method: string): void;
  /** Takes what came; what is wrong with it, as the end of a sentence, where that is no answer. Nothing may be fed afterwards. */
  feed(bytes: Buffer): string | undefined;
  /** The other side has closed: true where that ended the answer, or none was under way. */
  close(): boolean;
}

/** `idle`: nothing is expected. `line end`: that behind a chunk. */
type State = 'idle' | 'head' | 'sized' | 'unsized' | 'chunk size' | 'chunk' | 'line end' | 'trailers';

/** Bytes of a head, of the interim ones before it, of a chunk's first line or of the trailers; what Node and undici take. */
const LONGEST_HEAD = 16 * 1024;
const TOO_LONG = `its head is longer than ${LONGEST_HEAD / 1024} KiB`;
const UNASKED = 'it belongs to no request';
const BEGINNING = 'HTTP/1.';
const END_OF_HEAD = /\n\r?\n/;
const CHUNK_SIZE = /^([0-9a-f]{1,12})[ \t]*(?:;.*)?\r?$/i;
const NOTHING = Buffer.alloc(0);
const CR = 13;
const LF = 10;

/**
 * Interim answers (1xx) are skipped, asked for or not; 101 says that another protocol follows, which no request of ours asks for.
 */
export function createAnswerReader(listener: ReaderListener): AnswerReader {
  let state: State = 'idle';
  let method = '';
  /** Begins with that of a line, or of a head, whose end has not come, and has room for more: it may come byte by byte. */
  let kept = NOTHING;
  let keptBytes = 0;
  /** Of the body, or of a chunk. */
  let missing = 0;
  /** Of heads and trailers since the request. */
  let headBytes = 0;
  /** Told only once all of a piece has been looked at: what stands behind an answer must not be taken for the next one. */
  let hasEnded = false;

  function finish(): void {
    state = 'idle';
    hasEnded = true;
  }

  function tellEnd(isClean: boolean): void {
    hasEnded = false;
    kept = NOTHING;
    keptBytes = 0;
    listener.end(isClean);
  }

  /** Goes on behind what it has read; where it has read nothing, its text is not whole. */
  function step(bytes: Buffer, at: number): number | string {
    switch (state) {
      case 'idle':
        return UNASKED;
      case 'head':
        return readHead(bytes, at);
      case 'sized':
      case 'chunk':
        return readBody(bytes, at);
      case 'unsized':
        listener.data(bytes.subarray(at));
        return bytes.length;
      case 'chunk size':
        return readLine(bytes, at, beginChunk);
      case 'line end':
        return readLine(bytes, at, endChunk);
      case 'trailers':
        return readLine(bytes, at, endTrailer);
      default:
        return state satisfies never;
    }
  }

  function readHead(bytes: Buffer, at: number): number | string {
    const first = bytes[at];
    if (first === CR || first === LF) {
      // Empty lines before an answer: some servers end their bodies with one.
      return ++headBytes > LONGEST_HEAD ? TOO_LONG : at + 1;
    }
    // Nothing that came just now can be the end.
    if (keptBytes > BEGINNING.length && bytes.length - at < LONGEST_HEAD && bytes.indexOf(LF, keptBytes) < 0) return at;
    const text = bytes.toString('latin1', at, Math.min(bytes.length, at + LONGEST_HEAD));
    const end = END_OF_HEAD.exec(text);
    if (!end && !BEGINNING.startsWith(text.slice(0, BEGINNING.length))) return NOT_HTTP;
    if (!end) return text.length === LONGEST_HEAD ? TOO_LONG : at;
    const length = end.index + end[0].length;
    headBytes += length;
    if (headBytes > LONGEST_HEAD) return TOO_LONG;
    const head = readAnswerHead(text.slice(0, end.index), method);
    if (typeof head === 'string') return head;
    if (head.status === 101) return 'it changes to another protocol (101), which nobody had asked for';
    if (head.status >= 200) begin(head);
    return at + length;
  }

  function begin(head: AnswerHead): void {
    const { body } = head;
    listener.head(head);
    if (body.kind === 'chunked') state = 'chunk size';
    else if (body.kind === 'unsized') state = 'unsized';
    else if (body.bytes === 0) finish();
    else {
      state = 'sized';
      missing = body.bytes;
    }
  }

  function readBody(bytes: Buffer, at: number): number {
    const to = Math.min(bytes.length, at + missing);
    missing -= to - at;
    listener.data(at === 0 && to === bytes.length ? bytes : bytes.subarray(at, to));
    if (missing > 0) return to;
    if (state === 'chunk') state = 'line end';
    else finish();
    return to;
  }

  function readLine(bytes: Buffer, at: number, take: (line: string) => string | undefined): number | string {
    const end = bytes.indexOf(LF, at);
    const length = (end < 0 ? bytes.length : end + 1) - at;
    if (length > LONGEST_HEAD) return TOO_LONG;
    if (end < 0) return at;
    return take(bytes.toString('latin1', at, end)) ?? end + 1;
  }

  function beginChunk(line: string): string | undefined {
    const size = CHUNK_SIZE.exec(line)?.[1];
    if (size === undefined) return 'a chunk of its body does not say how long it is';
    missing = Number.parseInt(size, 16);
    state = missing === 0 ? 'trailers' : 'chunk';
    return undefined;
  }

  function endChunk(line: string): string | undefined {
    if (line !== '\r' && line !== '') return 'a chunk of its body is longer than it says';
    state = 'chunk size';
    return undefined;
  }

  function endTrailer(line: string): string | undefined {
    headBytes += line.length + 1;
    if (headBytes > LONGEST_HEAD) return TOO_LONG;
    if (line === '\r' || line === '') finish();
    return undefined;
  }

  /** What is kept, and behind it what was fed. */
  function keep(fed: Buffer): Buffer {
    const bytes = keptBytes + fed.length;
    if (kept.length < bytes) {
      const larger = Buffer.allocUnsafe(2 * bytes);
      kept.copy(larger, 0, 0, keptBytes);
      kept = larger;
    }
    fed.copy(kept, keptBytes);
    return kept.subarray(0, bytes);
  }

  /** A copy, unless it stands there already: what was fed may be overwritten. */
  function keepFrom(bytes: Buffer, at: number): void {
    const isKept = keptBytes > 0;
    keptBytes = bytes.length - at;
    if (keptBytes === 0) kept = NOTHING;
    else if (!isKept) kept = Buffer.from(bytes.subarray(at));
    else if (at > 0) kept.copyWithin(0, at, bytes.length);
  }

  return {
    expect(of) {
      state = 'head';
      method = of;
      headBytes = 0;
    },
    feed(fed) {
      const bytes = keptBytes === 0 ? fed : keep(fed);
      let at = 0;
      while (at < bytes.length) {
        const next = step(bytes, at);
        if (typeof next === 'string') return next;
        if (next === at) break;
        at = next;
        if (hasEnded) break;
      }
      if (hasEnded) tellEnd(at === bytes.length);
      else keepFrom(bytes, at);
      return undefined;
    },
    close() {
      if (state !== 'unsized') return state === 'idle';
      state = 'idle';
      tellEnd(false);
      return true;
    },
  };
}
