/** The format `sigma`: the channel events of Sigma Livestream's API server. */
import type { Format } from '../../model/format.ts';
import { sigmaEvents } from './events.ts';
import { readSigma } from './read.ts';
import { writeSigma } from './write.ts';

export const sigma: Format = {
  name: 'sigma',
  title: 'Sigma Livestream (API server)',
  about:
    'The webhook of a Sigma Livestream API server: three events of a channel, whose fields stand beside `event` and ' +
    '`eventTime`. Every field of the channel but its id may be missing.',
  methods: ['POST'],
  bodies: ['json'],
  reply: 'accepted',
  events: sigmaEvents,
  read: readSigma,
  write: writeSigma,
};
