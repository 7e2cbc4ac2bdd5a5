/** At the door: what a body says it is. JSON, or a form where the format takes one; in UTF-8; plain, gzip, deflate or br. */
import { type Refusal, refusal } from './refusal.ts';

export type BodyKind = 'json' | 'form';
export const MEDIA_TYPES: Readonly<Record<BodyKind, string>> = {
  json: 'application/json',
  form: 'application/x-www-form-urlencoded',
};

export type ContentCoding = 'identity' | 'gzip' | 'deflate' | 'br';

const CODINGS: Readonly<Record<string, ContentCoding>> = {
  '': 'identity',
  identity: 'identity',
  gzip: 'gzip',
  'x-gzip': 'gzip',
  deflate: 'deflate',
  br: 'br',
};

/** The kind of body that a Content-Type names. A missing one means JSON: what every format's sender posts. */
export function kindOfBody(contentType: string | undefined): BodyKind | Refusal {
  if (contentType === undefined || contentType === 'application/json') return 'json';
  const [type = '', ...parameters] = contentType.split(';');
  const kind = kindOfType(type.trim().toLowerCase());
  if (!kind) return refusal('CONTENT_TYPE_UNSUPPORTED', 'the content type is not one that this source takes');
  const charset = parameters.map((one) => one.trim().toLowerCase()).find((one) => one.startsWith('charset='));
  if (charset === undefined || isUtf8(charset.slice('charset='.length))) return kind;
  return refusal('CHARSET_UNSUPPORTED', 'the body must be in UTF-8');
}

/** How a body is to be inflated. One coding only: a second layer is refused. */
export function codingOfBody(contentEncoding: string | undefined): ContentCoding | Refusal {
  if (contentEncoding === undefined) return 'identity';
  const name = contentEncoding.trim().toLowerCase();
  if (Object.hasOwn(CODINGS, name)) return CODINGS[name] as ContentCoding;
  return refusal('CONTENT_ENCODING_UNSUPPORTED', 'the content encoding must be one of gzip, deflate and br');
}

function kindOfType(type: string): BodyKind | undefined {
  if (type === 'application/json' || (type.startsWith('application/') && type.endsWith('+json'))) return 'json';
  return type === 'application/x-www-form-urlencoded' ? 'form' : undefined;
}

function isUtf8(charset: string): boolean {
  const name = charset.startsWith('"') && charset.endsWith('"') ? charset.slice(1, -1) : charset;
  return name === 'utf-8' || name === 'utf8';
}
