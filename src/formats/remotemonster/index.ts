/** The format `remotemonster`: the recording and channel webhooks of RemoteMonster Livecast. */
import type { Format } from '../../model/format.ts';
import { remotemonsterEvents } from './events.ts';
import { readRemotemonster } from './read.ts';
import { refusesRemotemonster, writeRemotemonster } from './write.ts';

export const remotemonster: Format = {
  name: 'remotemonster',
  title: 'RemoteMonster Livecast',
  about:
    'The webhooks of RemoteMonster Livecast: a finished recording posted as JSON, and a channel created or closed as a GET with a ' +
    'query. There is no event id, type or time: an event is told by its method and keys, and a repeat by its values. Older ' +
    'senders (records as a GET, channels as a POST body) are read as well.',
  methods: ['GET', 'POST'],
  bodies: ['json', 'form'],
  reply: 'empty',
  events: remotemonsterEvents,
  read: readRemotemonster,
  refuses: refusesRemotemonster,
  write: writeRemotemonster,
};
