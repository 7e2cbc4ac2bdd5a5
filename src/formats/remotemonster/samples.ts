/** Samples of RemoteMonster's requests, as documented and as older senders make them. */
import type { Sample } from '../../model/format.ts';
import { jsonSample } from '../sample.ts';

const form = { 'content-type': 'application/x-www-form-urlencoded' };

export const remotemonsterSamples = {
  'record.done': [
    jsonSample(
      'documented',
      '{"id":"1581324488053_Dc5aQ","url":"https://s3.amazonaws.com/my-service-id/RAND/1581324488053_Dc5aQ.mp4","duration":"62","filesize":"5304911","thumbnail":"https://s3.amazonaws.com/my-service-id/RAND/t.jpg"}',
    ),
    jsonSample(
      'bare numbers',
      '{"id":"1581324488053_Dc5aQ","url":"https://s3.amazonaws.com/my-service-id/RAND/1581324488053_Dc5aQ.mp4","duration":62,"filesize":5304911}',
    ),
    {
      name: '2018 query',
      method: 'GET',
      search:
        'chid=1581324488053_Dc5aQ&url=https%3A%2F%2Fs3.amazonaws.com%2Fmy-service-id%2FRAND%2F1581324488053_Dc5aQ.mp4',
      headers: {},
    },
    {
      name: 'urlencoded',
      method: 'POST',
      headers: form,
      body: 'id=1581324488053_Dc5aQ&url=https%3A%2F%2Fs3.amazonaws.com%2Fmy-service-id%2FRAND%2F1581324488053_Dc5aQ.mp4&duration=62&filesize=5304911',
    },
  ],
  'channel.create': [
    { name: 'documented', method: 'GET', search: 'action=create&chid=1581324488053_Dc5aQ', headers: {} },
    jsonSample('2018 body', '{"chid":"1581324488053_Dc5aQ","action":"create"}'),
  ],
  'channel.close': [
    { name: 'documented', method: 'GET', search: 'action=close&chid=1581324488053_Dc5aQ', headers: {} },
    jsonSample('2018 body', '{"chid":"1581324488053_Dc5aQ","action":"close"}'),
    { name: 'urlencoded', method: 'POST', headers: form, body: 'action=close&chid=1581324488053_Dc5aQ' },
  ],
} satisfies Record<string, readonly Sample[]>;
