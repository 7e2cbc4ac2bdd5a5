/** At the door: checks the signature of a sender that signs, over the exact bytes of the body. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { SourceVerification } from '../model/source.ts';
import { type Refusal, refusal } from './refusal.ts';

export interface SignedRequest {
  /** As they came: lower-case names. */
  readonly headers: NodeJS.Dict<string | string[]>;
  /** After content decoding: what the sender had in hand when it signed. */
  readonly body: Uint8Array;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
}

/** Undefined where the signature holds. */
export type SignatureCheck = (request: SignedRequest) => Refusal | undefined;

/** Prepares the keys of a verification once; the check itself then takes the same time wherever signatures differ. */
export function compileVerification(verify: SourceVerification): SignatureCheck {
  return verify.kind === 'standard-webhooks' ? standardWebhooks(verify) : plainHmac(verify);
}

/** Standard Webhooks, scheme v1: HMAC-SHA256 over `id.timestamp.body`; any one of the listed signatures and secrets will do. */
function standardWebhooks(verify: Extract<SourceVerification, { kind: 'standard-webhooks' }>): SignatureCheck {
  const keys = verify.secrets.map((secret) => Buffer.from(secret.replace(/^whsec_/, ''), 'base64'));
  return ({ headers, body, receivedAt }) => {
    const id = headers['webhook-id']?.toString();
    const timestamp = headers['webhook-timestamp']?.toString();
    const signatures = headers['webhook-signature']?.toString();
    if (!id || !timestamp || !signatures) return missing('webhook-id, webhook-timestamp and webhook-signature');
    if (!/^\d{1,12}$/.test(timestamp)) return wrong();
    if (Math.abs(receivedAt - Number(timestamp) * 1000) > verify.toleranceMs) {
      return refusal('SIGNATURE_STALE', 'webhook-timestamp is too far from the time of receipt');
    }
    const given = signatures
      .split(' ')
      .flatMap((one) => (one.startsWith('v1,') ? [Buffer.from(one.slice(3), 'base64')] : []));
    const expected = keys.map((key) => createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest());
    return isAnyEqual(expected, given) ? undefined : wrong();
  };
}

function plainHmac(verify: Extract<SourceVerification, { kind: 'hmac' }>): SignatureCheck {
  const { header, algorithm, encoding, prefix, secrets } = verify;
  return ({ headers, body }) => {
    const value = headers[header]?.toString();
    if (!value) return missing(header);
    if (!value.startsWith(prefix)) return wrong();
    const text = value.slice(prefix.length);
    const given = Buffer.from(text, encoding);
    if (encoding === 'hex' && text.length !== given.length * 2) return wrong(); // Node reads as far as it can
    const expected = secrets.map((secret) => createHmac(algorithm, secret).update(body).digest());
    return isAnyEqual(expected, [given]) ? undefined : wrong();
  };
}

function isAnyEqual(expected: readonly Buffer[], given: readonly Buffer[]): boolean {
  let found = false;
  for (const one of expected) {
    for (const other of given) if (one.length === other.length && timingSafeEqual(one, other)) found = true;
  }
  return found;
}

function missing(headers: string): Refusal {
  return refusal('SIGNATURE_MISSING', `this source asks for a signature in ${headers}`);
}

function wrong(): Refusal {
  return refusal('SIGNATURE_WRONG', 'the signature does not fit the body');
}
