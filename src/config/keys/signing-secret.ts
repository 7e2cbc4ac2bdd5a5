/** A Standard Webhooks signing secret: `whsec_` and 24 to 64 bytes in base64. */
import { secret } from '../shape/leaf.ts';
import type { Shape } from '../shape.ts';

const ADVICE = 'whsec_ and the output of `openssl rand -base64 32`';

export function signingSecret(): Shape<string> {
  const plain = secret();
  return {
    ...plain,
    expects: 'a Standard Webhooks secret (whsec_…)',
    read: (node, spot) => {
      const value = plain.read(node, spot);
      if (value === undefined || value === '' || isSigningSecret(value)) return value;
      spot.reader.secret(value.replace(/^whsec_/, ''));
      const message = `${spot.name} must be whsec_ and 24 to 64 bytes in base64`;
      spot.reader.problem({ at: node.at, code: 'CONFIG_BAD_SIGNING_SECRET', message, try: ADVICE });
      return undefined as never;
    },
  };
}

/** Base64 in its one canonical spelling: Node's decoder would take nearly anything. */
function isSigningSecret(text: string): boolean {
  const base64 = text.replace(/^whsec_/, '');
  if (base64 === text) return false;
  const bytes = Buffer.from(base64, 'base64');
  const isCanonical = bytes.toString('base64').replace(/=+$/, '') === base64.replace(/=+$/, '');
  return isCanonical && bytes.byteLength >= 24 && bytes.byteLength <= 64;
}
