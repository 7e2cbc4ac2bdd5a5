/** Keeps a path that a mapping made below the URL of its target. */

/** Why a path is refused, or undefined where it is safe. A path is segments behind `/`, percent-encoded where they need it. */
export function pathProblem(path: string): string | undefined {
  if (!path.isWellFormed()) return 'must be well-formed text';
  if (/\p{Cc}/u.test(path)) return 'must not hold control characters';
  if (/[?#]/.test(path)) return 'must not hold ? or #: use query, or urlencode the value';
  if (path.includes('\\')) return 'must not hold a backslash';
  if (path !== '' && !path.startsWith('/')) return 'must begin with /';
  const decoded = decodeFully(path);
  if (decoded === undefined) return 'must be percent-encoded where it holds a %';
  if (decoded.some((text) => /\p{Cc}/u.test(text))) return 'must not hold encoded control characters';
  if (/%2f|%5c/i.test(path) || decoded.some((text) => /%2f|%5c/i.test(text) || text.includes('\\'))) {
    return 'must not hold an encoded slash or backslash';
  }
  const segments = decoded.flatMap((text) => text.split('/'));
  if (segments.some((segment) => /^\.{1,2}(?:;|$)/.test(segment))) return 'must not hold a . or .. segment';
  return path.slice(1, -1).split('/').length > 1 && path.slice(0, -1).includes('//') ? EMPTY : doubled(path);
}

/** The path with what a URL cannot hold percent-encoded; what is encoded already stays. */
export function encodePath(path: string): string {
  return encodeURI(path)
    .replaceAll('%25', '%')
    .replace(/[[\]]/g, (bracket) => (bracket === '[' ? '%5B' : '%5D'));
}

const EMPTY = 'must not hold an empty segment';

function doubled(path: string): string | undefined {
  return path.includes('//') ? EMPTY : undefined;
}

/** The path decoded once, twice and so on until nothing changes: servers and proxies differ in how often they decode. */
function decodeFully(path: string): string[] | undefined {
  const texts = [path];
  for (let text = path; ; ) {
    try {
      const next = decodeURIComponent(text);
      if (next === text) return texts;
      texts.push(next);
      text = next;
    } catch {
      return texts.length === 1 ? undefined : texts;
    }
  }
}
