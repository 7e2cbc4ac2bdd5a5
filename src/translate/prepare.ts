/** The last step of a translation: from what a mapping emits to the HTTP requests that the target's format makes of it. */
import { derivedUuid, isUuid } from '../kit/ids.ts';
import type { EmittedEvent, EventScope, WrittenRequest } from '../model/event.ts';
import type { Format, FormatOptions } from '../model/format.ts';
import type { Reason } from '../model/outcome.ts';
import type { Mapping, TranslatedEvent } from './mapping.ts';

export type Prepared =
  | { readonly kind: 'requests'; readonly requests: readonly WrittenRequest[] }
  | { readonly kind: 'dropped'; readonly reason: Reason }
  | { readonly kind: 'dead'; readonly reason: Reason };

export interface Preparation {
  readonly mapping: Mapping;
  readonly scope: EventScope;
  readonly target: { readonly format: Pick<Format, 'write'>; readonly options: FormatOptions };
}

/** Translates and writes. All or nothing: where one request cannot be written, none is sent. Pure; never throws for any event. */
export function prepareRequests({ mapping, scope, target }: Preparation): Prepared {
  const translation = mapping.translate(scope);
  if (translation.kind === 'dropped') return translation;
  if (translation.kind === 'failed') return { kind: 'dead', reason: translation.reason };
  const requests: WrittenRequest[] = [];
  for (const [index, event] of translation.events.entries()) {
    const result = target.format.write(emitted(event, scope, index), target.options);
    if (result.kind === 'unwritable') {
      const fields = result.problems.map(({ path, message }) => `${path}: ${message}`).join('; ');
      const message = `mapping ${mapping.name} (${mapping.file}) emits ${event.type}, which cannot be written: ${fields}`;
      return { kind: 'dead', reason: { code: 'MAPPING_UNWRITABLE', message } };
    }
    requests.push(result.request);
  }
  return { kind: 'requests', requests };
}

/** The first event keeps the sender's id where that is a UUID; others get one derived from it, the same on every try. */
function emitted({ type, data }: TranslatedEvent, { event }: EventScope, index: number): EmittedEvent {
  const id = index === 0 && isUuid(event.key) ? event.key : derivedUuid(`${event.source}|${event.key}|${index}`);
  return { type, data, id, time: event.time };
}
