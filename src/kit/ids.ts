/** Identifiers: sortable ones for what is stored, and UUIDs derived from values for what must be the same on every try. */
import { createHash, randomBytes } from 'node:crypto';

const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz';

/**
 * Makes a source of event ids: `evt_` and 26 lower-case Crockford base32 digits, a ULID: 48 bits of epoch milliseconds,
 * then 80 random bits that count upward within one millisecond. Ids of one source ascend, even when the clock steps back.
 */
export function createEventIds(now: () => number): () => string {
  let lastMs = -1;
  let timePart = '';
  let randomPart: number[] = [];
  return () => {
    const ms = now();
    if (ms > lastMs) {
      lastMs = ms;
      timePart = encodeTime(ms);
      randomPart = randomDigits();
      randomPart[0] = (randomPart[0] ?? 0) & 15; // room to count upward
    } else {
      increment(randomPart);
    }
    return `evt_${timePart}${String.fromCharCode(...randomPart.map(digitCode))}`;
  };
}

const CODES = Array.from(DIGITS, (digit) => digit.charCodeAt(0));
const digitCode = (digit: number): number => CODES[digit] as number;

/** Fetched for many ids at once: the call costs more than what it brings. */
const RANDOM_BYTES = 4096;
let random: Uint8Array = new Uint8Array();
let used = 0;

function randomDigits(): number[] {
  if (used === random.length) {
    random = randomBytes(RANDOM_BYTES);
    used = 0;
  }
  used += 16;
  return Array.from(random.subarray(used - 16, used), (byte) => byte & 31);
}

/** Stands before every event id of that millisecond and later ones, and behind all earlier ones. */
export function firstEventId(ms: number): string {
  return `evt_${encodeTime(ms)}`;
}

/** The delivery id of the `ordinal`-th delivery (from 1) of an event: `dlv_…_1`. The same on every try: it is the `webhook-id`. */
export function deliveryId(eventId: string, ordinal: number): string {
  return `dlv_${eventId.slice(4)}_${ordinal}`;
}

/** The event id inside a delivery id, or undefined where the text is no delivery id. */
export function eventIdOfDelivery(id: string): string | undefined {
  const match = /^dlv_([0-9a-z]{26})_\d+(?:\.\d+)?$/.exec(id);
  return match ? `evt_${match[1]}` : undefined;
}

/** The namespace of every UUID that Dragoman derives. */
const NAMESPACE = Buffer.from('8f2ce2b25ad84d2d9d37a1e0b4f6c1d3', 'hex');

/** A version 5 UUID (RFC 9562) of the text, in Dragoman's own namespace: the same text gives the same UUID everywhere. */
export function derivedUuid(text: string, namespace: Uint8Array = NAMESPACE): string {
  const bytes = createHash('sha1').update(namespace).update(text).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/** The first ten characters of ids that are made at a time, epoch milliseconds: ids sort by them. */
export function encodeTime(ms: number): string {
  let rest = ms;
  let text = '';
  for (let i = 0; i < 10; i++) {
    text = DIGITS[rest % 32] + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}

function increment(digits: number[]): void {
  for (let i = digits.length - 1; i >= 0; i--) {
    const digit = digits[i] ?? 0;
    if (digit < 31) {
      digits[i] = digit + 1;
      return;
    }
    digits[i] = 0;
  }
}
