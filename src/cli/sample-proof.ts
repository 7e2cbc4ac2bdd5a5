/** What a source asks of whoever posts to it: its secret and its signature, so that a sample passes its own door. */
import { createHash, createHmac, randomUUID } from 'node:crypto';
import { webhookSignature } from '../deliver/signature.ts';
import type { Source, SourceVerification } from '../model/source.ts';

export interface Posted {
  readonly headers: Readonly<Record<string, string>>;
  /** The exact bytes that are sent. */
  readonly body: Uint8Array;
  /** Epoch milliseconds. */
  readonly now: number;
  /** Whether the `webhook-id` is to be no repeat. */
  readonly isFresh: boolean;
}

/** The headers to be added; none where the source lets everyone in. */
export function sampleProof({ secrets, verify }: Pick<Source, 'secrets' | 'verify'>, posted: Posted) {
  const [secret] = secrets;
  return {
    ...(secret === undefined ? {} : { authorization: `Bearer ${secret}` }),
    ...(verify ? signatureHeaders(verify, posted) : {}),
  };
}

function signatureHeaders(verify: SourceVerification, posted: Posted): Record<string, string> {
  const { body } = posted;
  const secret = verify.secrets[0] as string;
  if (verify.kind === 'hmac') {
    const { header, algorithm, encoding, prefix } = verify;
    return { [header]: prefix + createHmac(algorithm, secret).update(body).digest(encoding) };
  }
  const id = messageId(posted);
  const timestamp = Math.floor(posted.now / 1000);
  const signature = webhookSignature({ id, timestamp, body }, [secret]);
  return { 'webhook-id': id, 'webhook-timestamp': String(timestamp), 'webhook-signature': signature };
}

/** The same for the same bytes: a repeat is told by it. */
function messageId({ headers, body, isFresh }: Posted): string {
  if (isFresh) return `msg_${randomUUID()}`;
  return headers['webhook-id'] ?? `msg_${createHash('sha256').update(body).digest('hex').slice(0, 32)}`;
}
