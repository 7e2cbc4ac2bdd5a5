/** Operators that encode and decode text, as UTF-8. */
import { decodeUtf8 } from '../../kit/json.ts';
import { describe, type Meter, spendText, ValueError } from '../run.ts';
import { asText, textOf } from './convert.ts';
import { type Example, type Operator, TEXT, textArgument } from './operator.ts';

const family = 'Encoding';

function encode(name: string, summary: string, examples: readonly Example[], make: (text: string) => string): Operator {
  const apply = (input: unknown, _args: readonly unknown[], meter: Meter): string => {
    const text = textOf(input);
    spendText(meter, text.length);
    const made = make(text);
    spendText(meter, made.length);
    return made;
  };
  return { name, family, summary, takes: ['string', 'number', 'boolean'], args: [], gives: TEXT, examples, apply };
}

function decode(
  name: string,
  summary: string,
  examples: readonly Example[],
  make: (text: string) => string | undefined,
): Operator {
  const apply = (input: unknown, _args: readonly unknown[], meter: Meter): string => {
    const text = asText(input);
    spendText(meter, text.length);
    const made = make(text);
    if (made === undefined) throw new ValueError(`${describe(input)} cannot be decoded`);
    return made;
  };
  return { name, family, summary, takes: ['string'], args: [], gives: TEXT, examples, apply };
}

function bytesOf(text: string, encoding: 'base64' | 'base64url' | 'hex'): string | undefined {
  const clean = text.trim();
  const alphabet = encoding === 'hex' ? /^(?:[0-9a-f]{2})*$/i : /^[\w+/-]*={0,2}$/;
  return alphabet.test(clean) ? decodeUtf8(Buffer.from(clean, encoding)) : undefined;
}

const LEFT_OVER = /[!'()*]/;
const EVERY_LEFT_OVER = /[!'()*]/g;

/** encodeURIComponent, but also for `!'()*`, and a half surrogate becomes U+FFFD instead of an exception. */
export function percentEncode(text: string): string {
  const encoded = encodeURIComponent(text.isWellFormed() ? text : text.toWellFormed());
  if (!LEFT_OVER.test(encoded)) return encoded;
  return encoded.replace(EVERY_LEFT_OVER, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

function percentDecode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0' };

function unescapeHtml(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([a-z]{2,4}));/g, (whole, decimal, hex, name) => {
    if (name !== undefined) return NAMED[name] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

/** Takes away what stands between < and >; one that is never closed stays. */
function stripHtml(text: string): string {
  let made = '';
  let at = 0;
  for (let open = text.indexOf('<'); open !== -1; open = text.indexOf('<', at)) {
    const close = text.indexOf('>', open);
    if (close === -1) break;
    made += text.slice(at, open);
    at = close + 1;
  }
  return made + text.slice(at);
}

export const encodeOperators: readonly Operator[] = [
  encode(
    'urlencode',
    'The text percent-encoded for one path segment or query value.',
    [{ expression: '"[a] b/c*" | urlencode', output: '%5Ba%5D%20b%2Fc%2A' }],
    percentEncode,
  ),
  {
    name: 'urldecode',
    family,
    summary:
      'The text with its percent-encoding undone, or another text where that fails; parse_query reads a whole query.',
    takes: ['string'],
    args: [textArgument('otherwise', { optional: true })],
    gives: TEXT,
    examples: [
      { expression: '"a%20b%2Fc" | urldecode', output: 'a b/c' },
      { expression: '"100%" | urldecode "?"', output: '?' },
    ],
    apply(input, [otherwise], meter) {
      const text = asText(input);
      spendText(meter, text.length);
      const made = percentDecode(text) ?? otherwise;
      if (made === undefined) throw new ValueError(`${describe(input)} cannot be decoded`);
      return made;
    },
  },
  encode('base64', 'The text’s bytes in Base64.', [{ expression: '"héllo" | base64', output: 'aMOpbGxv' }], (text) =>
    Buffer.from(text).toString('base64'),
  ),
  decode(
    'decode_base64',
    'The text that is in Base64, of either alphabet.',
    [{ expression: '"aMOpbGxv" | decode_base64', output: 'héllo' }],
    (text) => bytesOf(text, 'base64'),
  ),
  encode(
    'base64url',
    'The text’s bytes in Base64 for URLs, without =.',
    [{ expression: '"~~?" | base64url', output: 'fn4_' }],
    (text) => Buffer.from(text).toString('base64url'),
  ),
  decode(
    'decode_base64url',
    'The text that is in Base64 for URLs.',
    [{ expression: '"fn4_" | decode_base64url', output: '~~?' }],
    (text) => bytesOf(text, 'base64url'),
  ),
  encode('hex', 'The text’s bytes as hexadecimal digits.', [{ expression: '"AZ" | hex', output: '415a' }], (text) =>
    Buffer.from(text).toString('hex'),
  ),
  decode(
    'decode_hex',
    'The text whose bytes are hexadecimal digits.',
    [{ expression: '"415a" | decode_hex', output: 'AZ' }],
    (text) => bytesOf(text, 'hex'),
  ),
  encode(
    'html_escape',
    'The text with & < > " \' as entities, to stand in HTML.',
    [{ expression: '"<b>" | html_escape', output: '&lt;b&gt;' }],
    (text) => text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign),
  ),
  decode(
    'html_unescape',
    'The text with its entities undone: the five of HTML, &nbsp; and numbers.',
    [{ expression: '"&lt;b&gt; &#39;" | html_unescape', output: "<b> '" }],
    unescapeHtml,
  ),
  decode(
    'strip_html',
    'The text without its <tags>.',
    [{ expression: '"<b>a</b> c" | strip_html', output: 'a c' }],
    stripHtml,
  ),
  encode(
    'quote',
    'The text in double quotes, escaped as JSON.',
    [{ expression: '"a\\"b" | quote', output: '"a\\"b"' }],
    (text) => JSON.stringify(text),
  ),
];
