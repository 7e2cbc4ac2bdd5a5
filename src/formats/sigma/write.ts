/** Writes a Sigma request: the channel flattened beside the event. */
import type { EmittedEvent } from '../../model/event.ts';
import type { WriteResult } from '../../model/format.ts';
import { checkData } from '../check-data.ts';
import { postJson, unwritable } from '../written-json.ts';
import { channelWrite, sigmaEvents } from './events.ts';

export function writeSigma(event: EmittedEvent): WriteResult {
  if (!Object.hasOwn(sigmaEvents, event.type)) return unwritable([{ path: 'emit', message: 'is no event of sigma' }]);
  const problems = checkData(channelWrite, event.data);
  if (problems.length > 0) return unwritable(problems);
  return postJson(event.type, { event: event.type, eventTime: Date.parse(event.time), ...event.data });
}
