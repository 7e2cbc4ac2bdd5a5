/** A payload that a command is handed, and what its format reads in it: refused as the door would refuse it. */
import { readFileSync } from 'node:fs';
import { decodeUtf8 } from '../kit/json.ts';
import { whyUnreadable } from '../kit/unreadable.ts';
import type { RawRequest, Reading } from '../model/event.ts';
import type { Format, FormatOptions } from '../model/format.ts';
import { Failure } from './terminal.ts';

/** The text of a file, or of standard input where no file or `-` is named. Fails where there is none, or it is no UTF-8. */
export function readPayload(file: string | undefined): string {
  if (file !== undefined && file !== '-') return readText(file);
  if (process.stdin.isTTY) throw new Failure('there is no payload', 'name a file, or pipe the payload in', 2);
  return textOf(readFileSync(0), 'the payload');
}

/** The text of a file. Fails where it cannot be read, or is no UTF-8. */
export function readText(file: string): string {
  return textOf(readBytes(file), file);
}

/** Fails where the request holds no event of the format. */
export function readAs(
  format: Format,
  request: RawRequest,
  options: FormatOptions,
): Extract<Reading, { kind: 'event' | 'ignored' }> {
  const reading = format.read(request, options);
  if (reading.kind === 'malformed') throw new Failure(`${reading.message}  [${reading.code}]`);
  if (reading.kind !== 'invalid') return reading;
  const lines = reading.problems.map(({ path, message }) => `  ${path}: ${message}`);
  throw new Failure(`this is no ${format.name} event:\n${lines.join('\n')}`);
}

function textOf(bytes: Uint8Array, name: string): string {
  const text = decodeUtf8(bytes);
  if (text === undefined) throw new Failure(`${name} is not UTF-8 text`, 'saving it as UTF-8');
  return text;
}

function readBytes(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new Failure(`the file ${file} ${whyUnreadable(error as NodeJS.ErrnoException)}`);
  }
}
