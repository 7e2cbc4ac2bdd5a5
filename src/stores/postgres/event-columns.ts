/** Events as the columns of one insert, in the order of the table. */
import type { AcceptedEvent } from '../../model/delivery.ts';
import { bigintArray, byteArray, intArray, textArray } from './array-column.ts';
import { eventStateCode } from './schema.ts';

/** What a row takes beside its texts and bodies, with its entries in the indexes: about. */
const EVENT_BYTES = 700;

export interface EventRow {
  readonly event: AcceptedEvent;
  readonly keyHash: Buffer;
  readonly deliveries: readonly unknown[];
}

/** Sixteen arrays of one length. */
export function eventColumns(rows: readonly EventRow[]): unknown[] {
  const events = rows.map(({ event }) => event);
  const requests = events.map(({ request }) => request);
  const headers = requests.map((request) => JSON.stringify(request.headers));
  return [
    textArray(events.map(({ id }) => id)),
    byteArray(
      rows.map(({ keyHash }) => keyHash),
      'uuid',
    ),
    textArray(events.map(({ source }) => source)),
    textArray(events.map(({ key }) => key)),
    textArray(events.map(({ format }) => format)),
    textArray(events.map(({ type }) => type)),
    textArray(events.map(({ time }) => time)),
    bigintArray(events.map(({ receivedAt }) => receivedAt)),
    intArray(events.map(({ state }) => eventStateCode(state))),
    intArray(rows.map(({ deliveries }) => deliveries.length)),
    intArray(requests.map(({ body }, index) => EVENT_BYTES + body.length + (headers[index]?.length ?? 0))),
    textArray(requests.map(({ method }) => method)),
    textArray(requests.map(({ path }) => path)),
    textArray(requests.map(({ search }) => search)),
    textArray(headers),
    byteArray(requests.map(({ body }) => body)),
  ];
}
