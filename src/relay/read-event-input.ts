/** The request that a playground's event stands for: a documented sample, a stored event, or a payload just written; and how it is read. */
import type { EventInput } from '../admin/api-schema.ts';
import { type Refused, refuse, unknown } from '../admin/reply.ts';
import { sampleRequest } from '../formats/sample.ts';
import { nearest } from '../kit/problem.ts';
import type { AcceptedEvent } from '../model/delivery.ts';
import type { RawRequest } from '../model/event.ts';
import type { Format, FormatOptions } from '../model/format.ts';
import type { Plan } from '../plan/plan.ts';
import { sourceOptionsOf } from '../plan/source-options.ts';
import type { Ledger } from '../stores/store.ts';

export interface InputAround {
  readonly format: Format;
  /** The name of the source that reads it; undefined: the one that a stored event came from. */
  readonly source: string | undefined;
  readonly plan: Pick<Plan, 'config'>;
  readonly ledger: Pick<Ledger, 'event'>;
  /** Epoch milliseconds, for what was never received. */
  readonly receivedAt: number;
}

export interface ReadableInput {
  readonly kind: 'readable';
  readonly request: RawRequest;
  /** As they are today. */
  readonly sourceOptions: FormatOptions;
  /** Null where it is no stored one. */
  readonly event: AcceptedEvent | null;
}

export async function readEventInput(input: EventInput, around: InputAround): Promise<ReadableInput | Refused> {
  const { format, source, ledger, plan } = around;
  const event = 'id' in input ? ((await ledger.event(input.id)) ?? null) : null;
  const request = event ? requestOfEvent(event, format) : requestOfInput(input, around);
  if ('kind' in request) return request;
  const sourceOptions = sourceOptionsOf(source ?? event?.source, format.name, plan.config);
  return { kind: 'readable', request, sourceOptions, event };
}

function requestOfEvent({ id, format, request }: AcceptedEvent, wanted: Format): RawRequest | Refused {
  if (format === wanted.name) return request;
  return refuse(400, 'REQUEST_INVALID', `event ${id} is of format ${format}, not ${wanted.name}`);
}

function requestOfInput(
  input: EventInput,
  { format, receivedAt }: Pick<InputAround, 'format' | 'receivedAt'>,
): RawRequest | Refused {
  if ('id' in input) return unknown('event', input.id);
  if ('sample' in input) return namedSample(input.sample, format, receivedAt);
  const { body, method = 'POST', search = '', headers = {} } = input;
  return sampleRequest({ method, search, headers, body }, receivedAt);
}

/** `clip.generated`, or `clip.generated/v2.15` for one of several. */
function namedSample(wanted: string, format: Format, receivedAt: number): RawRequest | Refused {
  const all = Object.entries(format.events).flatMap(([type, { samples }]) =>
    samples.flatMap((sample, index) => [
      ...(index === 0 ? [[type, sample] as const] : []),
      [`${type}/${sample.name}`, sample] as const,
    ]),
  );
  const found = all.find(([name]) => name === wanted)?.[1];
  if (found) return sampleRequest(found, receivedAt);
  const near = nearest(
    wanted,
    all.map(([name]) => name),
  );
  const advice = near === undefined ? '' : `; did you mean ${near}?`;
  return refuse(404, 'SAMPLE_UNKNOWN', `format ${format.name} has no sample "${wanted}"${advice}`);
}
