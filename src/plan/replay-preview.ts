/** What a replay would send, held against what was sent before, without sending anything. */
import { type Difference, differences } from '../kit/differences.ts';
import type { AcceptedEvent, Delivery } from '../model/delivery.ts';
import type { WrittenRequest } from '../model/event.ts';
import type { Journey } from './journey.ts';
import { type PrintableRequest, printableRequest } from './printable-request.ts';

export interface ReplayPreview {
  readonly delivery: string;
  readonly target: string;
  /** What was sent, or would have been; empty where it never came to that. */
  readonly before: readonly PrintableRequest[];
  readonly after: readonly PrintableRequest[];
  /** Why nothing would be sent, else null. */
  readonly nothing: string | null;
  readonly differences: readonly Difference[];
}

export interface PreviewInput {
  readonly delivery: Delivery;
  readonly event: AcceptedEvent;
  readonly retranslate: boolean;
  readonly journey: Pick<Journey, 'prepare'>;
}

/** Pure but for the journey's plan. The same bytes go out again unless they are to be translated anew or never were. */
export function previewReplay({ delivery, event, retranslate, journey }: PreviewInput): ReplayPreview {
  const before = (delivery.requests ?? []).map(printableRequest);
  const about = { delivery: delivery.id, target: delivery.target, before };
  if (!retranslate && delivery.requests) return { ...about, after: before, nothing: null, differences: [] };
  const prepared = journey.prepare({ delivery, event, lease: { token: 0, until: 0 } }, undefined);
  if (prepared.kind !== 'requests') {
    const nothing = `${prepared.kind === 'dead' ? 'fails' : 'dropped'}: ${prepared.reason.message}  [${prepared.reason.code}]`;
    return { ...about, after: [], nothing, differences: differencesOf(before, []) };
  }
  const after = prepared.requests.map((request: WrittenRequest) => printableRequest(request));
  return { ...about, after, nothing: null, differences: differencesOf(before, after) };
}

/** A single request is compared as itself, so that a path reads `body.url`. */
function differencesOf(before: readonly PrintableRequest[], after: readonly PrintableRequest[]): Difference[] {
  return before.length === 1 && after.length === 1 ? differences(before[0], after[0]) : differences(before, after);
}
