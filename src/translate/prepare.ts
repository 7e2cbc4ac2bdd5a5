/** From an event to the requests that its target gets: translated, given ids that last, and written by the target's format. */
import { derivedUuid, isUuid } from '../kit/ids.ts';
import type { EventScope, WrittenRequest } from '../model/event.ts';
import type { Format, FormatOptions } from '../model/format.ts';
import type { Reason } from '../model/outcome.ts';
import type { Mapping, TranslatedEvent } from './mapping.ts';

export type Prepared =
  /** At least one, in the order in which they are to be sent. */
  | { readonly kind: 'requests'; readonly requests: readonly WrittenRequest[] }
  | { readonly kind: 'dropped'; readonly reason: Reason }
  | { readonly kind: 'dead'; readonly reason: Reason };

export interface Preparation {
  readonly mapping: Mapping;
  readonly scope: EventScope;
  readonly target: { readonly format: Format; readonly options: FormatOptions };
}

/** Pure: the same event gives the same requests, byte for byte, on every try and after a restart. */
export function prepareRequests({ mapping, scope, target }: Preparation): Prepared {
  const translation = mapping.translate(scope);
  if (translation.kind === 'dropped') return translation;
  if (translation.kind === 'failed') return { kind: 'dead', reason: translation.reason };
  const { events } = translation;
  const requests = new Array<WrittenRequest>(events.length);
  for (let index = 0; index < events.length; index++) {
    const event = events[index] as TranslatedEvent;
    const emitted = { type: event.type, data: event.data, id: emittedId(scope, index), time: scope.event.time };
    const result = target.format.write(emitted, target.options);
    if (result.kind === 'unwritable') return { kind: 'dead', reason: unwritable(mapping, event, result.problems) };
    requests[index] = result.request;
  }
  return { kind: 'requests', requests };
}

/** The sender's own id where it is a UUID, for the first event; else derived from what makes the event unique. */
export function emittedId({ event }: EventScope, index: number): string {
  if (index === 0 && isUuid(event.key)) return event.key;
  return derivedUuid(`${event.source}|${event.key}|${index}`);
}

function unwritable(
  mapping: Mapping,
  event: TranslatedEvent,
  problems: readonly { readonly path: string; readonly message: string }[],
): Reason {
  const fields = problems.map(({ path, message }) => `${path}: ${message}`).join('; ');
  const message = `mapping ${mapping.name} (${mapping.file}) emits a ${event.type} that ${mapping.to} cannot write: ${fields}`;
  return { code: 'MAPPING_UNWRITABLE', message };
}
