/** Samples of Sigma's events, built from its documentation of the channel. */
import type { Sample } from '../../model/format.ts';
import { jsonSample } from '../sample.ts';

export const sigmaSamples = {
  channel_live: [
    jsonSample(
      'documented',
      '{"event":"channel_live","eventTime":1476697473034,"id":"5201198","name":"stream name","description":"description","accountId":"18855759","tags":["bong-da"],"mode":"low-latency","status":"live","health":"excellent","duration":0,"catchup":true,"createdAt":"2016-10-17T09:30:00.011Z","startTime":"2016-10-17T09:44:33.011Z","livestreamUrl":"https://cdn.example.com/livestream/list.m3u8","thumbnailUrl":"https://cdn.example.com/livestream/poster-default.jpeg"}',
    ),
    jsonSample('minimal', '{"event":"channel_live","eventTime":1476697473034,"id":"5201198"}'),
    jsonSample(
      'nested',
      '{"event":"channel_live","eventTime":1476697473034,"channel":{"id":"5201198","name":"stream name","tags":[],"status":"live"}}',
    ),
  ],
  channel_stop: [
    jsonSample(
      'documented',
      '{"event":"channel_stop","eventTime":1555581600011,"id":"5201198","name":"stream name","description":"description","accountId":"18855759","tags":["bong-da"],"mode":"low-latency","status":"init","health":"unstable","duration":100,"catchup":true,"createdAt":"2019-04-15T06:59:09.711Z","startTime":"2019-04-18T09:58:20.011Z","thumbnailUrl":"https://cdn.example.com/livestream/poster-default.jpeg"}',
    ),
  ],
  channel_ended: [
    jsonSample(
      'documented',
      '{"event":"channel_ended","eventTime":1555581600011,"id":"5201198","name":"stream name","description":"description","accountId":"18855759","tags":["bong-da"],"mode":"low-latency","status":"ended","health":"excellent","duration":100,"catchup":true,"createdAt":"2019-04-15T06:59:09.711Z","startTime":"2019-04-18T09:58:20.011Z","stopTime":"2019-04-18T10:00:00.011Z","livestreamUrl":"https://cdn.example.com/livestream/list.m3u8","videoUrl":"https://cdn.example.com/livestream/list.m3u8","recordUrl":["https://cdn.example.com/livestream/record.mp4"],"thumbnailUrl":"https://cdn.example.com/livestream/poster-default.jpeg"}',
    ),
    jsonSample(
      'several files',
      '{"event":"channel_ended","eventTime":1555581600012,"id":"5201198","name":"stream name","status":"ended","duration":200,"videoUrl":"https://cdn.example.com/livestream/list.m3u8","recordUrl":["https://cdn.example.com/livestream/record-1.mp4","https://cdn.example.com/livestream/record-2.mp4"]}',
    ),
    jsonSample(
      'not recorded',
      '{"event":"channel_ended","eventTime":1555581600013,"id":"5201198","name":"stream name","status":"ended","duration":100,"videoUrl":"https://cdn.example.com/livestream/list.m3u8"}',
    ),
  ],
} satisfies Record<string, readonly Sample[]>;
