/** Behind the door: a sender's own texts as every store can keep and index them, whatever the sender put in. */
import { hash } from 'node:crypto';
import type { NewDelivery } from '../model/delivery.ts';

const LONGEST_KEY = 256;
const LONGEST_TYPE = 128;

/** A key that is long, or holds what no database takes as text, is replaced by its hash: equal keys stay equal. */
export function storableKey(key: string): string {
  if (key.length <= LONGEST_KEY && isStorable(key)) return key;
  return `sha256:${hash('sha256', JSON.stringify(key))}`;
}

export function storableType(type: string): string {
  if (type.length <= LONGEST_TYPE && isStorable(type)) return type;
  return type.slice(0, LONGEST_TYPE).toWellFormed().replaceAll('\0', '\uFFFD');
}

/** Order keys come from payloads too. */
export function storableDeliveries(deliveries: readonly NewDelivery[]): readonly NewDelivery[] {
  if (deliveries.every(hasStorableOrder)) return deliveries;
  return deliveries.map((one) => (one.orderKey === null ? one : { ...one, orderKey: storableKey(one.orderKey) }));
}

function hasStorableOrder({ orderKey }: NewDelivery): boolean {
  return orderKey === null || (orderKey.length <= LONGEST_KEY && isStorable(orderKey));
}

/** PostgreSQL takes no NUL in text, and half of a surrogate pair does not survive UTF-8. */
function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}
