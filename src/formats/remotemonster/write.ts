/** Writes a RemoteMonster request: a recording as JSON, a channel's beginning and end as a GET with a query. */
import type { EmittedEvent, FieldProblem } from '../../model/event.ts';
import type { WriteResult, WrittenPart } from '../../model/format.ts';
import { checkData } from '../check-data.ts';
import { postJson, unwritable } from '../written-json.ts';
import { remotemonsterEvents } from './events.ts';

/** Every value is written as text; what is unknown is left out, never a 0. */
export function writeRemotemonster(event: EmittedEvent): WriteResult {
  const { type, data } = event;
  if (!Object.hasOwn(remotemonsterEvents, type)) {
    return unwritable([{ path: 'emit', message: 'is no event of remotemonster' }]);
  }
  const problems = checkData(remotemonsterEvents[type as keyof typeof remotemonsterEvents].write, data);
  if (problems.length > 0) return unwritable(problems);
  const values = data as Readonly<Record<string, string>>;
  const idField = type === 'record.done' ? 'id' : 'chid';
  const wrongId = channelIdProblem(idField, values[idField] ?? '');
  if (wrongId) return unwritable([wrongId]);
  if (type === 'record.done') return postJson(type, recordBody(values));
  const action = type === 'channel.create' ? 'create' : 'close';
  const query = [
    ['action', action],
    ['chid', values.chid ?? ''],
  ] as const;
  return { kind: 'written', request: { event: type, method: 'GET', query, headers: {}, body: null } };
}

function recordBody({ id, url, duration, filesize, thumbnail }: Readonly<Record<string, string>>): object {
  return { id, url, duration: wholeText(duration), filesize: wholeText(filesize), thumbnail };
}

/** Whole seconds, whole bytes: `62.5` is written as `63`; digits alone are kept, however many. */
function wholeText(text: string | undefined): string | undefined {
  return text === undefined || /^\d+$/.test(text) ? text : BigInt(Math.round(Number(text))).toString();
}

/** An id of a channel that is written out, wholly or around values of the event, and that no event makes good. */
export function refusesRemotemonster({
  path,
  value,
  texts,
}: WrittenPart): { message: string; try: string } | undefined {
  const [field = ''] = path;
  if (path.length !== 1 || (field !== 'id' && field !== 'chid')) return undefined;
  // Values of the event may make it long enough, and so may these.
  const known = texts ? texts.join('xxxx') : value;
  const problem = typeof known === 'string' ? channelIdProblem(field, known) : undefined;
  return problem && { message: problem.message, try: 'an id such as ${data.platform}_${data.room_id}' };
}

/** An id that needs no closer look, as nearly every one. */
const PLAIN_ID = /^[\w.-]{4,1024}$/;

function channelIdProblem(path: string, id: string): FieldProblem | undefined {
  if (PLAIN_ID.test(id)) return undefined;
  const length = [...id].length;
  if (length < 4 || length > 1024) {
    return { path, message: `must have 4 to 1024 characters to be a RemoteMonster channel id, not ${length}` };
  }
  const forbidden = /[:;*$`]/.exec(id)?.[0];
  if (forbidden) {
    return { path, message: `must not hold "${forbidden}" to be a RemoteMonster channel id: join its parts with _` };
  }
  if (/\p{Script=Hangul}/u.test(id)) return { path, message: 'must not hold Hangul to be a RemoteMonster channel id' };
  return id.isWellFormed() ? undefined : { path, message: 'must be well-formed text' };
}
