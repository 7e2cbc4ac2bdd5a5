/** How a store keeps requests and attempts: the parts that are text as JSON, the bytes of their bodies one after the other. */
import type { Attempt, AttemptResponse } from '../model/delivery.ts';
import type { WrittenRequest } from '../model/event.ts';

export interface Packed {
  readonly head: string;
  /** Length of a body stands in the head, -1 for none. */
  readonly bodies: Uint8Array;
}

/** What it takes in the store, about, in bytes. */
export function sizeOf(packed: Packed | null): number {
  return packed === null ? 0 : packed.head.length + packed.bodies.length;
}

export function packRequests(requests: readonly WrittenRequest[]): Packed {
  return { head: requestsHead(requests), bodies: joined(requests.map(({ body }) => body)) };
}

/** The requests without their bodies. */
export function requestsHead(requests: readonly WrittenRequest[]): string {
  return JSON.stringify(requests.map(withoutBody));
}

/** Named one by one: a copy of all members but one costs several times as much. */
function withoutBody({ event, method, urlSuffix, query, headers, body }: WrittenRequest): object {
  const length = body?.length ?? -1;
  const members = { event, method, urlSuffix, query, headers, length };
  return members satisfies Record<Exclude<keyof WrittenRequest, 'body'>, unknown>;
}

export function unpackRequests({ head, bodies }: Packed): WrittenRequest[] {
  let at = 0;
  return (JSON.parse(head) as (Omit<WrittenRequest, 'body'> & { length: number })[]).map(({ length, ...rest }) => {
    if (length < 0) return { ...rest, body: null };
    at += length;
    return { ...rest, body: bodies.slice(at - length, at) };
  });
}

type AttemptHead = Omit<Attempt, 'response'> & {
  readonly response: (Omit<AttemptResponse, 'body'> & { readonly length: number }) | null;
};

export function packAttempts(attempts: readonly Attempt[]): Packed {
  const heads = attempts.map(({ sent: _, response, ...rest }): AttemptHead => {
    if (response === null) return { ...rest, response };
    const { body, ...answer } = response;
    return { ...rest, response: { ...answer, length: body.length } };
  });
  return { head: JSON.stringify(heads), bodies: joined(attempts.map(({ response }) => response?.body ?? null)) };
}

export function unpackAttempts({ head, bodies }: Packed): Attempt[] {
  let at = 0;
  return (JSON.parse(head) as AttemptHead[]).map(({ response, ...rest }) => {
    if (response === null) return { ...rest, response };
    const { length, ...answer } = response;
    at += length;
    return { ...rest, response: { ...answer, body: bodies.slice(at - length, at) } };
  });
}

const NOTHING = new Uint8Array();

function joined(bodies: readonly (Uint8Array | null)[]): Uint8Array {
  const some = bodies.filter((body) => body !== null && body.length > 0) as Uint8Array[];
  return some.length === 0 ? NOTHING : some.length === 1 ? (some[0] as Uint8Array) : Buffer.concat(some);
}
