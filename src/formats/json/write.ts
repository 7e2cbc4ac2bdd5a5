/** Writes the request that a mapping laid out freely, and refuses what would leave the target's URL or forge its headers. */
import { encodeUtf8, stringifyJson } from '../../kit/json.ts';
import type { EmittedEvent, FieldProblem, WrittenRequest } from '../../model/event.ts';
import type { WriteResult } from '../../model/format.ts';
import { checkData, joinPath } from '../check-data.ts';
import { unwritable } from '../written-json.ts';
import { requestWrite } from './events.ts';
import { headerProblem } from './safe-headers.ts';
import { encodePath, pathProblem } from './safe-path.ts';

type Scalar = string | number | bigint | boolean;
interface FreeRequest {
  readonly method?: string;
  readonly path?: string;
  readonly query?: Readonly<Record<string, Scalar | readonly Scalar[]>>;
  readonly headers?: Readonly<Record<string, Scalar>>;
  readonly body?: unknown;
}

export function writeJson(event: EmittedEvent): WriteResult {
  const wrong = checkData(requestWrite, event.data);
  if (wrong.length > 0) return unwritable(wrong);
  const { method = 'POST', path, query, headers = {}, body } = event.data as FreeRequest;
  const problems = [...pathProblems(path), ...headerProblems(headers)];
  if (method === 'GET' && body !== undefined) problems.push({ path: 'body', message: 'must be left out of a GET' });
  if (problems.length > 0) return unwritable(problems);

  const urlSuffix = path && encodePath(path);
  const request: WrittenRequest = {
    event: event.type,
    method,
    ...(urlSuffix && { urlSuffix }),
    ...(query && { query: pairs(query) }),
    headers: { ...contentType(body), ...lowerCase(headers) },
    body: body === undefined ? null : encodeUtf8(typeof body === 'string' ? body : stringifyJson(body)),
  };
  return { kind: 'written', request };
}

function pathProblems(path: string | undefined): FieldProblem[] {
  const message = path === undefined ? undefined : pathProblem(path);
  return message === undefined ? [] : [{ path: 'path', message }];
}

function headerProblems(headers: Readonly<Record<string, Scalar>>): FieldProblem[] {
  const seen = new Set<string>();
  return Object.entries(headers).flatMap(([name, value]) => {
    const lower = name.toLowerCase();
    const message = seen.has(lower) ? 'is given twice' : headerProblem(lower, String(value));
    seen.add(lower);
    return message === undefined ? [] : [{ path: joinPath('headers', name), message }];
  });
}

function lowerCase(headers: Readonly<Record<string, Scalar>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]));
}

function contentType(body: unknown): Record<string, string> {
  if (body === undefined) return {};
  return { 'content-type': typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json' };
}

function pairs(query: Readonly<Record<string, Scalar | readonly Scalar[]>>): [string, string][] {
  return Object.entries(query).flatMap(([name, values]) =>
    [values].flat().map((value): [string, string] => [name.toWellFormed(), String(value).toWellFormed()]),
  );
}
