/** At the door: takes a POST that has come whole, from its head to its answer. */
import type { Socket } from 'node:net';
import type { Clock } from '../kit/clock.ts';
import type { RawRequest } from '../model/event.ts';
import type { Source } from '../model/source.ts';
import type { AddressFinder } from './address.ts';
import { refusedAnswer, storedAnswer } from './answer.ts';
import { checkHead } from './check-head.ts';
import type { WholePost } from './http1/read-whole-post.ts';
import type { TakePost } from './http1/whole-post-connection.ts';
import type { RawAnswer } from './http1/write-answer.ts';
import { ownBytes } from './inflate.ts';
import { type Reception, storedOrRefused } from './reception.ts';
import type { Refusal } from './refusal.ts';
import { missingBody } from './serve.ts';
import type { CompiledSource, SourceTable } from './sources.ts';
import { type RequestHead, type RequestTarget, splitTarget } from './target.ts';

export interface ServeWholePorts {
  sources(): SourceTable;
  receive(source: Source, request: RawRequest): Promise<Reception>;
  /** Only reports it. */
  reportRefused(head: RequestHead, source: string, refused: Refusal): void;
  requestAnswered(source: string, durationMs: number): void;
  /** Reports a fault of ours, and says what its sender is told. */
  defect(error: unknown): Refusal;
  readonly findAddress: AddressFinder;
  readonly clock: Clock;
}

interface WholeVisit {
  readonly head: RequestHead;
  readonly body: Uint8Array;
  readonly source: CompiledSource;
  readonly target: RequestTarget;
}

/** Leaves to others what is for no source. */
export function createServeWhole(ports: ServeWholePorts): TakePost {
  const { clock, findAddress, reportRefused } = ports;

  const refuse = ({ head, source }: WholeVisit, refused: Refusal): RawAnswer => {
    reportRefused(head, source.source.name, refused);
    return refusedAnswer(refused);
  };

  const serve = async (visit: WholeVisit): Promise<RawAnswer> => {
    const { head, body, source, target } = visit;
    const startedAt = clock.monotonic();
    try {
      const open = checkHead({ req: head, source, search: target.search, findAddress });
      if (open.kind === 'refusal') return refuse(visit, open);
      const { search, headers } = open;
      const missing = missingBody(source, body, search);
      if (missing) return refuse(visit, missing);
      const request = { method: 'POST', path: target.path, search, headers, body, receivedAt: clock.now() };
      const unsigned = source.verify?.({ headers: head.headers, body, receivedAt: request.receivedAt });
      if (unsigned) return refuse(visit, unsigned);
      source.inFlight++;
      try {
        const taken = storedOrRefused(await ports.receive(source.source, request));
        if (taken.kind === 'refusal') return refuse(visit, taken);
        ports.requestAnswered(source.source.name, clock.monotonic() - startedAt);
        return storedAnswer(taken, source.format.reply);
      } finally {
        source.inFlight--;
      }
    } catch (error) {
      return refusedAnswer(ports.defect(error));
    }
  };

  return ({ url, headers, body }: WholePost, socket: Socket) => {
    const target = splitTarget(url);
    const source = ports.sources().find(target.path);
    if (!source) return undefined;
    return serve({ head: { method: 'POST', url, headers, socket }, body: ownBytes(body), source, target });
  };
}
