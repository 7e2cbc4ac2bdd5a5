/** Signs what is delivered as Standard Webhooks describes it, so that a consumer can check who sent it. */
import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';

export interface Signed {
  /** The `webhook-id`. */
  readonly id: string;
  /** Epoch seconds: the `webhook-timestamp`. */
  readonly timestamp: number;
  /** The exact bytes sent; null for none. */
  readonly body: Uint8Array | null;
}

const keysOf = new WeakMap<readonly string[], readonly KeyObject[]>();

/** The `webhook-signature` header: `v1,` and the base64 of an HMAC-SHA256, once for each secret, separated by spaces. */
export function webhookSignature(signed: Signed, secrets: readonly string[]): string {
  let keys = keysOf.get(secrets);
  if (!keys) {
    keys = secrets.map((secret) => createSecretKey(secretBytes(secret)));
    keysOf.set(secrets, keys);
  }
  return keys.map((key) => signWith(key, signed)).join(' ');
}

function signWith(key: KeyObject, { id, timestamp, body }: Signed): string {
  const hmac = createHmac('sha256', key).update(`${id}.${timestamp}.`);
  if (body) hmac.update(body);
  return `v1,${hmac.digest('base64')}`;
}

/** `whsec_` and base64, with or without its `=` at the end, as the configuration takes it. */
function secretBytes(secret: string): Buffer {
  return Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
}
