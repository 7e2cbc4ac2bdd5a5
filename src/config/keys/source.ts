/** The keys of a source: a path at the door, who may knock there, and within which limits. */

import { duration, rate, size } from '../shape/amount.ts';
import { choice, flag, secret, text, textLeaf, whole } from '../shape/leaf.ts';
import { oneOrMany } from '../shape/many.ts';
import { cidr, httpUrl, path } from '../shape/net.ts';
import { object, openObject, optional, placed, preset, required, type Shape } from '../shape.ts';
import { apiUrl, tokenId } from './subscription-api.ts';

const DAY_MS = 86_400_000;

/** A secret shorter than this is no secret to anyone who tries. */
const SHORTEST_SECRET = 6;

export const source = openObject({
  format: required(
    placed(text('the name of a format', 'bsr')),
    'What is sent here: bsr, remotemonster, sigma, streamrec or json.',
  ),
  path: optional(placed(path()), "Where on the server port; the default is /in/ and the source's name."),
  secret: optional(
    oneOrMany(secret(SHORTEST_SECRET), { least: 1 }),
    'Taken as ?secret=…, Authorization: Bearer …, or a Basic password: 6 characters at least. A list during rotation: any one of them opens. Empty through ${env:NAME:-}: none is asked for.',
  ),
  allow_from: preset(oneOrMany(cidr()), [], 'CIDRs or addresses that may send; left out, from anywhere.'),
  verify: optional(
    placed(
      object({
        kind: required(choice('standard-webhooks', 'hmac'), 'How the sender signs its requests.'),
        secret: required(
          oneOrMany(secret(SHORTEST_SECRET), { least: 1 }),
          'What it signs with: 6 characters at least; a list during rotation.',
        ),
        tolerance: optional(
          duration({ least: 1000, most: DAY_MS }),
          'standard-webhooks: how old a signature may be, 5m where it is not said.',
        ),
        header: optional(headerName(), 'hmac, required: the header that carries the signature.'),
        algorithm: optional(choice('sha1', 'sha256', 'sha384', 'sha512'), 'hmac: sha256 where it is not said.'),
        encoding: optional(choice('hex', 'base64'), 'hmac: hex where it is not said.'),
        prefix: optional(
          textLeaf({ expects: 'text', example: 'sha256=', parse: (value) => ({ value }) }),
          'hmac: what stands before the signature in the header, such as sha256=.',
        ),
      }),
    ),
    'How a sender that signs its requests is checked, over the exact bytes received.',
  ),
  rate: optional(rate(), 'Requests that are taken at most; more are answered 429.'),
  limits: preset(
    object({
      body: preset(size({ least: 1, most: 2 ** 30 }), '1MiB', 'The largest body, before and after inflation.'),
      depth: preset(whole({ least: 1, most: 64 }), 64, 'How deep a body may nest.'),
      timeout: preset(duration({ least: 1, most: 3_600_000 }), '15s', 'For headers and body together.'),
      in_flight: preset(whole({ least: 1, most: 100_000 }), 256, 'Requests under way at once; more are answered 503.'),
    }),
    {},
    'What one request, and all of them together, may take.',
  ),
  register: optional(
    placed(
      object({
        api: required(apiUrl(), "The API server's base URL; /v1/webhook is added to it."),
        token_id: required(tokenId('${env:SIGMA_TOKEN_ID}'), 'The Basic user name for it.'),
        token_secret: required(secret(), 'The Basic password for it.'),
        uri: required(httpUrl(), 'Where the API server is to post: this source, as it is seen from there.'),
        events: preset(oneOrMany(placed(text('an event type, or all', 'all'))), 'all', 'The event types to ask for.'),
      }),
    ),
    'Sources of format sigma: the relay sees to it that this webhook exists at that API server.',
  ),
  enabled: preset(flag(), true, 'False answers 404 here.'),
});

export function headerName(): Shape<string> {
  return textLeaf({
    expects: 'the name of a header',
    example: 'x-signature',
    isPublic: true,
    schema: { pattern: "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$" },
    parse: (value) => {
      if (/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(value)) return { value: value.toLowerCase() };
      return { wrong: 'must be the name of a header', try: 'x-signature', code: 'CONFIG_BAD_HEADER' };
    },
  });
}
