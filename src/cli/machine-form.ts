/** Stored things as `--json` prints them: bodies as text, not as bytes. */
import { decodeUtf8 } from '../kit/json.ts';
import type { Delivery } from '../model/delivery.ts';
import type { WrittenRequest } from '../model/event.ts';
import type { HeldOnes } from '../plan/held.ts';

/** `held` is null where nothing holds it. */
export function machineDelivery(delivery: Delivery, held: HeldOnes) {
  const requests = delivery.requests?.map(machineRequest) ?? null;
  return { ...delivery, requests, held: held.get(delivery.id) ?? null };
}

export function machineRequest(request: WrittenRequest) {
  return { ...request, body: request.body && bodyText(request.body) };
}

export function bodyText(bytes: Uint8Array): string {
  return decodeUtf8(bytes) ?? `(${bytes.length} bytes that are no text)`;
}
