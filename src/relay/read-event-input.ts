/** The request that a playground's event stands for: a documented sample, a stored event, or a payload just written. */
import type { EventInput } from '../admin/api-schema.ts';
import { type Refused, refuse, unknown } from '../admin/reply.ts';
import { sampleRequest } from '../formats/sample.ts';
import { nearest } from '../kit/problem.ts';
import type { RawRequest } from '../model/event.ts';
import type { Format } from '../model/format.ts';
import type { Ledger } from '../stores/store.ts';

export interface InputAround {
  readonly format: Format;
  readonly ledger: Pick<Ledger, 'event'>;
  /** Epoch milliseconds, for what was never received. */
  readonly receivedAt: number;
}

export async function requestOfInput(input: EventInput, around: InputAround): Promise<RawRequest | Refused> {
  const { format, ledger, receivedAt } = around;
  if ('id' in input) {
    const event = await ledger.event(input.id);
    if (!event) return unknown('event', input.id);
    if (event.format === format.name) return event.request;
    return refuse(400, 'REQUEST_INVALID', `event ${event.id} is of format ${event.format}, not ${format.name}`);
  }
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
