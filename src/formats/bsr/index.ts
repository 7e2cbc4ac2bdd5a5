/** The format `bsr`: the events of BSR (BiliBili ShadowReplay), a recorder of live streams, in its three wire generations. */
import type { Format } from '../../model/format.ts';
import { bsrEvents } from './events.ts';
import { readBsr } from './read.ts';
import { writeBsr } from './write.ts';

export const bsr: Format = {
  name: 'bsr',
  title: 'BSR (BiliBili ShadowReplay)',
  about:
    'The webhook of BSR (Xinrea/bili-shadowreplay), a live-stream recorder: nine events in one JSON envelope. The documented ' +
    'payloads (v2.12 to v2.14), those of v2.15, and those of v2.16 and later are all read into the same normalised data; a ' +
    'target chooses the generation that is written. BSR signs nothing, so that a secret has to stand in its URL, and gives an ' +
    'event up after three tries within seconds.',
  methods: ['POST'],
  bodies: ['json'],
  reply: 'accepted',
  events: bsrEvents,
  targetOptions: {
    type: 'object',
    properties: {
      version: {
        enum: ['documented', '2.15', '2.16', 2.15, 2.16],
        description:
          'the wire generation that is written, "2.16" by default (room ids are strings there); "documented" is what v2.12 to ' +
          'v2.14 sent, and needs room ids that are whole numbers',
      },
    },
    additionalProperties: false,
  },
  read: readBsr,
  write: writeBsr,
};
