/** Who may use the subscription API: HTTP Basic with the token id and secret, compared in a time that tells nothing. */
import { hash, timingSafeEqual } from 'node:crypto';

export interface Token {
  readonly tokenId: string;
  readonly tokenSecret: string;
}

/** Whether an Authorization header brings this token. */
export function bringsToken(header: string | undefined, { tokenId, tokenSecret }: Token): boolean {
  const [, encoded = ''] = /^basic +([a-z0-9+/=_-]*) *$/i.exec(header ?? '') ?? [];
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  const isId = isSame(colon === -1 ? '' : text.slice(0, colon), tokenId);
  const isSecret = isSame(colon === -1 ? '' : text.slice(colon + 1), tokenSecret);
  return isId && isSecret && colon !== -1;
}

function isSame(given: string, wanted: string): boolean {
  return timingSafeEqual(hash('sha256', given, 'buffer'), hash('sha256', wanted, 'buffer'));
}
