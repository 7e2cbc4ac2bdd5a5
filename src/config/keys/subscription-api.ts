/** What leads to a subscription API and opens it: the server's URL, and a token's id. */
import { notEmpty, textLeaf } from '../shape/leaf.ts';
import { httpUrl } from '../shape/net.ts';
import type { Shape } from '../shape.ts';

/** The user name of HTTP Basic, which ends at the first colon. */
export function tokenId(example: string): Shape<string> {
  return textLeaf({
    expects: 'text without a colon',
    example,
    schema: { minLength: 1, pattern: '^([^:]+|.*\\$\\{.*)$' },
    parse: (value) => {
      if (!value.includes(':')) return notEmpty(value, value, example);
      return {
        wrong: 'must have no colon: HTTP Basic ends a user name there',
        try: 'a token id without a colon',
        isDiscreet: true,
      };
    },
  });
}

/** The base URL of an API server, to which the relay adds the path. */
export function apiUrl(): Shape<string> {
  const url = httpUrl({ mayHaveQuery: false });
  return {
    ...url,
    read: (node, spot) => {
      const value = url.read(node, spot);
      if (value === undefined || !/\/v1\/webhook\/*$/.test(value)) return value;
      const message = `${spot.name} must not end in /v1/webhook, which the relay adds`;
      spot.reader.problem({ at: node.at, code: 'CONFIG_BAD_URL', message, try: 'the URL without /v1/webhook' });
      return undefined as never;
    },
  };
}
