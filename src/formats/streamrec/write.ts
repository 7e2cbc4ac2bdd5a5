/** Writes a StreamRec request: flat, by `status`; what is unknown is left out. */
import type { EmittedEvent } from '../../model/event.ts';
import type { WriteResult, WrittenPart } from '../../model/format.ts';
import { checkData } from '../check-data.ts';
import { postJson, unwritable } from '../written-json.ts';
import { type StreamrecEventName, streamrecEvents } from './events.ts';
import { timeProblems } from './read.ts';

/** The message that StreamRec sends with an event, where the mapping gives none. */
const MESSAGES: Readonly<Partial<Record<StreamrecEventName, string>>> = {
  upload_ready: 'upload finished',
  upload_failed: 'upload failed',
  session_finished: 'session finished',
};

/** A time that is written out and is none. */
export function refusesStreamrec({ type, path, value }: WrittenPart): { message: string; try: string } | undefined {
  const [field = ''] = path;
  if (path.length !== 1 || typeof value !== 'string' || !Object.hasOwn(streamrecEvents, type)) return undefined;
  const [problem] = timeProblems(streamrecEvents[type as StreamrecEventName].write, { [field]: value });
  return problem && { message: problem.message, try: '${event.time}' };
}

export function writeStreamrec(event: EmittedEvent): WriteResult {
  if (!Object.hasOwn(streamrecEvents, event.type)) {
    return unwritable([{ path: 'emit', message: 'is no event of streamrec' }]);
  }
  const type = event.type as StreamrecEventName;
  const schema = streamrecEvents[type].write;
  const problems = checkData(schema, event.data);
  if (problems.length > 0) return unwritable(problems);
  const wrongTimes = timeProblems(schema, event.data);
  if (wrongTimes.length > 0) return unwritable(wrongTimes);
  return postJson(type, { status: type, msg: MESSAGES[type], ...event.data });
}
