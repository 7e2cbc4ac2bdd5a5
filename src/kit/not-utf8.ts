/** Says of a file that is no UTF-8 where it stops being text: read all the same, it would hold signs that nobody wrote. */
import type { Problem } from './problem.ts';

/** `file` is the name to be shown. */
export function notUtf8(bytes: Uint8Array, { file, code }: { readonly file: string; readonly code: string }): Problem {
  const text = Buffer.from(bytes).toString('utf8');
  const before = text.slice(0, Math.max(0, text.indexOf('\ufffd')));
  const line = before.split('\n').length;
  const column = before.length - before.lastIndexOf('\n');
  const message = 'from here on this file is not UTF-8 text';
  return { at: { file, line, column }, code, message, try: 'saving it as UTF-8' };
}
