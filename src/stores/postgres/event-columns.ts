/** Events as the columns of one insert, in the order of the table. */
import type { AcceptedEvent } from '../../model/delivery.ts';
import { eventStateCode } from '../states.ts';
import { bigintArray, byteArray, intArray, textArray } from './array-column.ts';

/** What a row takes beside its texts and bodies, with its entries in the indexes: about. */
const EVENT_BYTES = 700;

export interface EventRow {
  readonly event: AcceptedEvent;
  readonly keyHash: Buffer;
  /** The weightiest state that its deliveries are in; 0 where it has none. */
  readonly family: number;
}

export const EVENT_ARRAYS =
  'id text, key_hash uuid, source text, key text, format text, type text, time text, received_at int8, state int4, family int4, size int4, ' +
  'method text, path text, search text, headers text, body bytea';

/** An array for each of `EVENT_ARRAYS`. */
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
    intArray(rows.map(({ family }) => family)),
    intArray(requests.map(({ body }, index) => EVENT_BYTES + body.length + (headers[index]?.length ?? 0))),
    textArray(requests.map(({ method }) => method)),
    textArray(requests.map(({ path }) => path)),
    textArray(requests.map(({ search }) => search)),
    textArray(headers),
    byteArray(requests.map(({ body }) => body)),
  ];
}
