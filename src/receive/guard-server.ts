/** At the door: what Node's HTTP server is told to refuse by itself, and how it says so. */
import type { IncomingMessage, RequestListener, Server, ServerOptions, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Clock } from '../kit/clock.ts';
import { LINGER_MS, refusalHeaders, refusedAnswer } from './answer.ts';
import { writeAnswer } from './http1/write-answer.ts';
import { incompleteBody } from './read-body.ts';
import { type Refusal, refusal, refusalBody } from './refusal.ts';
import type { SourceTable } from './sources.ts';

/** For the headers of any request, and for the whole of one that is no source's. Sources bring their own limit. */
const TIMEOUT_MS = 15_000;

/** What Node waits longer for a body than the door does, whose answer says more. */
const GRACE_MS = 1000;

/** How the server listens; `maxHeaderBytes` counts all headers of a request together. */
export const serverOptions = (maxHeaderBytes: number): ServerOptions => ({
  maxHeaderSize: maxHeaderBytes,
  headersTimeout: TIMEOUT_MS,
  requestTimeout: TIMEOUT_MS + GRACE_MS,
  connectionsCheckingInterval: 500,
  keepAliveTimeout: 65_000, // longer than the proxies in front keep theirs
  requireHostHeader: false, // the door refuses it, in its own words
  joinDuplicateHeaders: false,
  noDelay: true,
});

export interface GuardPorts {
  readonly listener: RequestListener;
  sources(): SourceTable;
  readonly maxHeaderBytes: number;
  readonly clock: Pick<Clock, 'now' | 'after'>;
  /** Answers a request that broke in its body, and reports it. */
  refuse(req: IncomingMessage, res: ServerResponse, refused: Refusal): void;
  readonly report: {
    requestRefused(request: {
      readonly source: string;
      readonly code: string;
      readonly status: number;
      readonly address: string;
    }): void;
  };
}

/** Gives a server the door's way to treat requests that never become one: broken, too long, too slow, or asking for a tunnel. */
export function guardServer<S extends Server>(server: S, ports: GuardPorts): S {
  const { listener, sources, clock, report } = ports;
  const cutLater = (socket: Duplex): void => {
    const timer = clock.after(LINGER_MS, () => socket.destroy());
    socket.once('close', () => timer.cancel());
  };
  const refuse = (socket: Duplex, refused: Refusal): void => {
    if (!socket.writable || answerOn(socket)?.headersSent) {
      socket.destroy();
      return;
    }
    socket.end(writeAnswer(refusedAnswer(refused), { keptMs: 0, now: clock.now() }));
    socket.resume();
    cutLater(socket);
    const { remoteAddress } = socket as Duplex & { readonly remoteAddress?: string };
    report.requestRefused({ source: '', code: refused.code, status: refused.status, address: remoteAddress ?? '' });
  };
  const refuseBroken = (socket: Duplex, error: NodeJS.ErrnoException): void => {
    const answer = answerOn(socket);
    // What broke is what came after a good request: that one's answer goes first.
    if (socket.writable && answer?.req.complete) {
      answer.once('finish', () => refuseBroken(socket, error));
      return;
    }
    if (!socket.writable || !answer) {
      refuse(socket, faultOf(error, ports));
      return;
    }
    // It was refused before it broke: time to read that answer.
    if (answer.headersSent) {
      cutLater(socket);
      return;
    }
    const isOver = error.code === 'HPE_INVALID_EOF_STATE';
    answer.shouldKeepAlive = false;
    ports.refuse(answer.req, answer, isOver ? incompleteBody() : faultOf(error, ports));
    if (!isOver) return;
    // Node forgets a request that is answered: whoever reads its body would wait for ever.
    answer.once('finish', () => answer.req.destroy(error));
    answer.end();
  };
  // A sender may close its side once it has sent all, and still wait for the answer. Node has no name for it in its documentation.
  Object.assign(server, { httpAllowHalfOpen: true });
  server.on('checkContinue', listener);
  server.on('checkExpectation', (_, res) => {
    const refused = refusal('EXPECTATION_UNSUPPORTED', 'the only expectation that is understood is 100-continue');
    const body = refusalBody(refused);
    res.writeHead(refused.status, refusalHeaders(refused, Buffer.byteLength(body), true));
    res.end(body);
  });
  server.on('connect', (_, socket) => {
    refuse(socket, refusal('METHOD_NOT_ALLOWED', 'the relay is no proxy', { allow: 'POST' }));
  });
  /** Node says of every piece that follows that it is broken, too. */
  const broken = new WeakSet<Duplex>();
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (broken.has(socket)) return;
    broken.add(socket);
    refuseBroken(socket, error);
  });
  server.on('connection', () => {
    server.requestTimeout = longestTimeout(sources()) + GRACE_MS;
  });
  return server;
}

function longestTimeout(table: SourceTable): number {
  let longest = TIMEOUT_MS;
  for (const { source } of table.sources) longest = Math.max(longest, source.limits.timeoutMs);
  return longest;
}

function faultOf(error: NodeJS.ErrnoException, { maxHeaderBytes }: GuardPorts): Refusal {
  switch (error.code) {
    case 'HPE_HEADER_OVERFLOW':
      return refusal(
        'HEADERS_TOO_LARGE',
        `the request line and headers are larger than ${Math.round(maxHeaderBytes / 1024)} KiB`,
      );
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return refusal('BODY_TOO_LARGE', 'the chunk extensions are too large');
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return refusal('REQUEST_TIMEOUT', 'the request was not complete in time');
    default:
      return refusal('HTTP_MALFORMED', 'this is not HTTP/1.1');
  }
}

/** The answer to the oldest request under way on this connection. */
function answerOn(socket: Duplex): ServerResponse | undefined {
  return (socket as Duplex & { readonly _httpMessage?: ServerResponse | null })._httpMessage ?? undefined;
}
