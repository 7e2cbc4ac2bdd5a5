/** The scope of an event that no store holds: a sample, a test, or what somebody tries a mapping with. */
import type { EventScope, RawRequest, RecognisedEvent } from '../model/event.ts';
import type { JsonObject } from '../model/json.ts';
import { buildScope } from '../receive/scope.ts';

/** An event that was never stored has no id of its own; this one shows that. */
export const NO_EVENT_ID = 'evt_00000000000000000000000000';

export interface Unsaved {
  /** Names. */
  readonly source: string;
  readonly format: string;
  readonly event: RecognisedEvent;
  readonly request: RawRequest;
  readonly params: JsonObject;
}

/** As if the door of that source had received the request. */
export function unsavedScope({ source, format, event, request, params }: Unsaved): EventScope {
  const envelope = { id: NO_EVENT_ID, source, format, receivedAt: request.receivedAt, ...event };
  return buildScope({ envelope, request, recognised: event, params });
}
