/** The store's key: `sqlite:FILE`, `postgres://…`, or either with further settings. */

import { textLeaf, type Wrong, whole } from '../shape/leaf.ts';
import type { Spot } from '../shape.ts';
import { object, preset, required, type Shape } from '../shape.ts';

export type StoreSetting =
  | { readonly kind: 'sqlite'; readonly file: string }
  | { readonly kind: 'postgres'; readonly url: string; readonly pool: number };

const POOL = 10;

const settings = object({
  url: required(location(), 'sqlite:FILE, or postgres://user:password@host/database.'),
  pool: preset(whole({ least: 2, most: 1000 }), POOL, 'Connections to PostgreSQL at most.'),
});

export function store(): Shape<StoreSetting> {
  const short = location();
  return {
    expects: short.expects,
    schema: { anyOf: [short.schema, settings.schema] },
    ...(settings.keys ? { keys: settings.keys } : {}),
    read: (node, spot) => {
      if (node.kind !== 'map') return short.read(node, spot);
      const { url, pool } = settings.read(node, spot);
      return url?.kind === 'postgres' ? { ...url, pool } : url;
    },
  };
}

function location(): Shape<StoreSetting> {
  return textLeaf<StoreSetting>({
    expects: 'sqlite:FILE or postgres://user:password@host/database',
    example: 'sqlite:data/dragoman.db',
    schema: { pattern: '^(sqlite:.|postgres(ql)?://|.*\\$\\{)' },
    parse: (text, spot) => {
      if (/^postgres(?:ql)?:\/\//.test(text)) return postgres(text, spot);
      if (text.startsWith('sqlite:')) return sqlite(text.slice('sqlite:'.length));
      const looksLikeFile = /^[\w./-]+\.(?:db|sqlite3?)$/.test(text);
      return bad('must be sqlite:FILE or postgres://…', looksLikeFile ? `sqlite:${text}` : 'sqlite:data/dragoman.db');
    },
  });
}

function sqlite(text: string): { readonly value: StoreSetting } | Wrong {
  const file = text.startsWith('///') ? text.slice(2) : text;
  if (file.startsWith('//')) return bad('names a file on a host', 'sqlite:data/dragoman.db');
  if (file === ':memory:') return bad('must be a file: what is only in memory is lost', 'sqlite:data/dragoman.db');
  if (file.trim() === '' || file.includes('\0') || file.endsWith('/')) {
    return bad('names no file', 'sqlite:data/dragoman.db');
  }
  return { value: { kind: 'sqlite', file } };
}

function postgres(text: string, spot: Spot): { readonly value: StoreSetting } | Wrong {
  if (!URL.canParse(text)) return bad('is no URL that can be read', 'postgres://user:password@host/database');
  const url = new URL(text);
  const passwords = [url.password, url.searchParams.get('password') ?? ''];
  for (const password of passwords) {
    spot.reader.secret(password);
    try {
      spot.reader.secret(decodeURIComponent(password));
    } catch {
      return bad('has a password that is not percent-encoded', '%25 for a percent sign');
    }
  }
  return { value: { kind: 'postgres', url: text, pool: POOL } };
}

function bad(wrong: string, advice: string): Wrong {
  return { wrong, try: advice, code: 'CONFIG_BAD_STORE' };
}
