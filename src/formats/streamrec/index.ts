/** The format `streamrec`: what eyeson StreamRec, a WebRTC recording and session server, posts. */
import type { Format } from '../../model/format.ts';
import { streamrecEvents } from './events.ts';
import { readStreamrec } from './read.ts';
import { refusesStreamrec, writeStreamrec } from './write.ts';

export const streamrec: Format = {
  name: 'streamrec',
  title: 'eyeson StreamRec',
  about:
    'The webhook of eyeson StreamRec: four flat events told apart by `status`, without an id or a time of their own. No URL is ' +
    "sent: the file went to the customer's own upload URL. Durations are in milliseconds. Whoever starts a recording names the " +
    "webhook's URL, possibly in a browser: a source needs a secret in it, or a path that cannot be guessed.",
  methods: ['POST'],
  bodies: ['json'],
  reply: 'accepted',
  events: streamrecEvents,
  read: readStreamrec,
  refuses: refusesStreamrec,
  write: writeStreamrec,
};
