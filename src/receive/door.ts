/** The first stage: HTTP in. Checks who knocks and what they bring, hands it to the inbox, and answers after it is stored. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Middleware } from 'koa';
import type { Clock } from '../kit/clock.ts';
import type { FieldProblem, RawRequest } from '../model/event.ts';
import type { Source } from '../model/source.ts';
import { addressOf, createAddressFinder, type TrustProxy } from './address.ts';
import { answerRefusal } from './answer.ts';
import { guardServer, serverOptions } from './guard-server.ts';
import { WholePostServer } from './http1/whole-post-server.ts';
import type { Reception } from './reception.ts';
import { type Refusal, refusal } from './refusal.ts';
import { createServe, type RefusedVisit } from './serve.ts';
import { createServeWhole } from './serve-whole.ts';
import type { SourceTable } from './sources.ts';
import { type RequestHead, readTarget } from './target.ts';
import { throughKoa } from './through-koa.ts';

export { compileSources } from './sources.ts';

export interface DoorPorts {
  /** The sources of the configuration of now. */
  sources(): SourceTable;
  /** Stores a request and says what became of it. Rejects only on a fault of ours. */
  receive(source: Source, request: RawRequest): Promise<Reception>;
  readonly report: DoorReport;
  readonly clock: Clock;
  readonly trustProxy?: TrustProxy;
  /** Of all headers of a request together; 16 KiB by default. */
  readonly maxHeaderBytes?: number;
  /** Answers paths that no source has; one that it passes on is answered 404. */
  readonly mount?: Middleware;
}

export interface DoorReport {
  requestAnswered(source: string, durationMs: number): void;
  requestRefused(request: RefusedRequest): void;
  /** A fault of ours. */
  defect(where: string, error: unknown): void;
}

export interface RefusedRequest {
  /** Empty where the path is no source's. */
  readonly source: string;
  readonly code: string;
  readonly status: number;
  /** Empty where it cannot be told. */
  readonly address: string;
  /** What was asked for, without the query and cut to a length; only where it is no source's. */
  readonly path?: string;
  /** Which fields are wrong, the first of them, by path; only where a payload was read. */
  readonly fields?: string;
}

const LONGEST_SHOWN_PATH = 200;
const MOST_SHOWN_FIELDS = 5;

export interface Door {
  readonly listener: RequestListener;
  /** A server with the time and size limits of the door. Not yet listening; who listens also closes it. */
  createServer(): WholePostServer;
}

export function createDoor(ports: DoorPorts): Door {
  const { clock, report, mount, sources, maxHeaderBytes = 16 * 1024 } = ports;
  const findAddress = createAddressFinder(ports.trustProxy ?? false);
  const refuse = ({ req, res, source }: RefusedVisit, refused: Refusal): void => {
    if (res.headersSent) return;
    answerRefusal(req, res, refused, clock);
    reportRefused(req, source, refused);
  };
  const reportRefused = (head: RequestHead, source: string, refused: Refusal): void => {
    const address = addressOf(head, findAddress) ?? '';
    const path = (head.url ?? '').replace(/[?#].*$/s, '').slice(0, LONGEST_SHOWN_PATH);
    report.requestRefused({
      ...{ source, code: refused.code, status: refused.status, address },
      ...(source === '' ? { path } : {}),
      ...(refused.problems?.length ? { fields: fieldsOf(refused.problems) } : {}),
    });
  };
  const receive = (source: Source, request: RawRequest): Promise<Reception> => ports.receive(source, request);
  const requestAnswered = (source: string, durationMs: number): void => report.requestAnswered(source, durationMs);
  const defect = (error: unknown): Refusal => {
    report.defect('door', error);
    return refusal('INTERNAL', 'the relay has made a mistake; it has been recorded');
  };
  const fail = (req: IncomingMessage, res: ServerResponse, error: unknown): void =>
    answerRefusal(req, res, defect(error), clock);
  const serve = createServe({ receive, refuse, findAddress, clock, requestAnswered });
  const take = createServeWhole({ sources, receive, reportRefused, requestAnswered, defect, findAddress, clock });
  const viaKoa = throughKoa({ sources, serve, refuse, fail, ...(mount ? { mount } : {}) });

  const sourceOf = (req: IncomingMessage): string => {
    const target = readTarget(req);
    return target.kind === 'refusal' ? '' : (sources().find(target.path)?.source.name ?? '');
  };

  /** False where it is no plain POST to a source. What has not come whole, as large bodies and those sent behind their head do not, gets here. */
  const serveAtOnce = (req: IncomingMessage, res: ServerResponse): boolean => {
    if (!isPlainPost(req)) return false;
    const target = readTarget(req);
    if (target.kind === 'refusal') return false;
    const source = sources().find(target.path);
    if (!source) return false;
    serve({ req, res, source, target }).catch((error: unknown) => fail(req, res, error));
    return true;
  };
  /** Koa takes everything else: its context and its middlewares would take an eighth of all that an event takes until it is delivered. */
  const listener: RequestListener = (req, res) => {
    try {
      if (!serveAtOnce(req, res)) viaKoa(req, res);
    } catch (error) {
      fail(req, res, error);
    }
  };
  return {
    listener,
    createServer: () =>
      guardServer(new WholePostServer(serverOptions(maxHeaderBytes), listener, { take, maxHeaderBytes, clock }), {
        listener,
        sources,
        refuse: (req, res, refused) => refuse({ req, res, source: sourceOf(req) }, refused),
        maxHeaderBytes,
        report,
        clock,
      }),
  };
}

function isPlainPost({ method, headers }: IncomingMessage): boolean {
  return (
    method === 'POST' &&
    headers['content-length'] !== undefined &&
    headers['content-encoding'] === undefined &&
    headers.expect === undefined
  );
}

function fieldsOf(problems: readonly FieldProblem[]): string {
  const paths = problems.slice(0, MOST_SHOWN_FIELDS).map(({ path }) => path || 'the whole body');
  const text = [...paths, ...(problems.length > paths.length ? ['…'] : [])].join(', ');
  return text.slice(0, LONGEST_SHOWN_PATH);
}
