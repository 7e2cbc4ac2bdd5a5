import { describe, expect, it } from 'vitest';
import { streamrec } from '../../src/formats/streamrec/index.ts';
import { bodyText, eventOf, jsonRequest, problemsOf, RECEIVED_AT, write, writtenOf, wrongPaths } from './request.ts';

const ready = {
  status: 'upload_ready',
  msg: 'upload finished',
  rec_id: 'r-1',
  client_id: 'client-0',
  recording_started_at: '2025-03-19T11:40:25.499Z',
  recording_stopped_at: '2025-03-19T11:41:21.499Z',
  recording_file_duration_ms: 55588,
  recording_file_size_bytes: 4182311,
};
const session = {
  status: 'session_finished',
  msg: 'm',
  client_id: 'client-0',
  started_at: '2025-03-19T11:40:20Z',
  stopped_at: '2025-03-19T11:41:30.123456789+01:00',
};
const post = (body: unknown) => streamrec.read(jsonRequest(body), {});
const receipt = new Date(RECEIVED_AT).toISOString();

describe('reading streamrec', () => {
  it.each([
    ['when the recording stopped', ready, '2025-03-19T11:41:21.499Z'],
    ['when the session stopped', session, '2025-03-19T10:41:30.123Z'],
    [
      'when it was received, for a failed upload',
      { status: 'upload_failed', rec_id: 'r', client_id: 'c', upload_status_code: 403 },
      receipt,
    ],
    ['when it was received, where no time is sent', { ...session, stopped_at: undefined }, receipt],
  ])('an event happened %s', (_, body, time) => expect(eventOf(post(body)).time).toBe(time));

  it.each(['', 0, null, undefined, '0001-01-01T00:00:00Z'])('leaves out a time that is %j', (zero) => {
    const { data, time } = eventOf(
      post({
        ...ready,
        recording_first_frame_written_at: zero,
        recording_first_peerframe_captured_at: zero,
        recording_stopped_at: zero,
      }),
    );
    const names = ['recording_first_frame_written_at', 'recording_first_peerframe_captured_at', 'recording_stopped_at'];
    for (const name of names) expect(data).not.toHaveProperty(name);
    expect(time).toBe(receipt);
  });

  it("takes a recording whatever the client's clock says", () => {
    for (const wrong of ['1900-01-01T00:00:00.000Z', '1970-01-01T00:30:00+01:00', '9999-12-31T23:59:59-01:00']) {
      const { data, time } = eventOf(post({ ...ready, recording_first_peerframe_captured_at: wrong }));
      expect(data.recording_first_peerframe_captured_at).toBe(wrong);
      expect(time).toBe('2025-03-19T11:41:21.499Z');
    }
  });

  it('happened when it was received where its own time is before 1970', () => {
    expect(eventOf(post({ ...session, stopped_at: '1969-12-31T23:59:59Z' })).time).toBe(receipt);
  });

  it('keeps the status 0 of an upload that found no connection, and does without one', () => {
    const failed = { status: 'upload_failed', rec_id: 'r', client_id: 'c' };
    expect(eventOf(post({ ...failed, upload_status_code: 0 })).data).toEqual({
      rec_id: 'r',
      client_id: 'c',
      upload_status_code: 0,
    });
    expect(eventOf(post(failed)).data).toEqual({ rec_id: 'r', client_id: 'c' });
  });

  it('keeps times as sent, with up to nine digits and any offset', () => {
    expect(eventOf(post(session)).data.stopped_at).toBe('2025-03-19T11:41:30.123456789+01:00');
  });

  it('tells recordings by status and rec_id, and supervisors by their session', () => {
    expect(eventOf(post(ready)).key).toBe('["upload_ready","r-1"]');
    expect(eventOf(post({ ...ready, msg: 'again', recording_file_size_bytes: 1 })).key).toBe('["upload_ready","r-1"]');
    const left = {
      status: 'supervisor_session_finished',
      supervisor_session_id: 's-1',
      agent_session_id: 'a',
      agent_client_id: 'c',
    };
    expect(eventOf(post(left)).key).toBe('["supervisor_session_finished","s-1"]');
    expect(eventOf(post({ ...left, supervisor_session_id: 's-2' })).key).not.toBe(eventOf(post(left)).key);
  });

  it.each([undefined, null, ''])('tells sessions without a rec_id (%j) by client and times', (rec_id) => {
    const one = eventOf(post({ ...session, rec_id })).key;
    const others = [
      { ...session, rec_id, started_at: '2025-03-19T11:40:21Z' },
      { ...session, rec_id, stopped_at: '2025-03-19T11:41:31Z' },
      { ...session, rec_id, client_id: 'client-1' },
      { ...session, rec_id: 'r-1' },
    ].map((body) => eventOf(post(body)).key);
    expect(new Set([one, ...others]).size).toBe(5);
    expect(eventOf(post({ ...session, rec_id, msg: 'other' })).key).toBe(one);
    expect(eventOf(post({ ...session, rec_id })).data).not.toHaveProperty('rec_id');
  });

  it('names every wrong field', () => {
    const wrong = {
      ...ready,
      rec_id: 5,
      client_id: '',
      recording_file_duration_ms: '55588',
      recording_file_size_bytes: 1.5,
      recording_started_at: true,
    };
    expect(wrongPaths(post(wrong))?.toSorted()).toEqual([
      'client_id',
      'rec_id',
      'recording_file_duration_ms',
      'recording_file_size_bytes',
      'recording_started_at',
    ]);
    expect(wrongPaths(post({ ...ready, recording_started_at: 'yesterday', recording_stopped_at: 1742384481 }))).toEqual(
      ['recording_started_at', 'recording_stopped_at'],
    );
    expect(wrongPaths(post({ ...session, stopped_at: '2025-03-19T11:41:30' }))).toEqual(['stopped_at']);
  });

  it('keeps sizes beyond 2^53 exact', () => {
    expect(
      eventOf(post({ ...ready, recording_file_size_bytes: 9007199254740993n })).data.recording_file_size_bytes,
    ).toBe(9007199254740993n);
  });
});

describe('writing streamrec', () => {
  it('leaves out what is unknown, and says its message', () => {
    const request = writtenOf(
      write(streamrec, {
        type: 'upload_ready',
        data: { rec_id: 'r', client_id: 'c', recording_file_duration_ms: 62000 },
      }),
    );
    expect(bodyText(request)).toBe(
      '{"status":"upload_ready","msg":"upload finished","rec_id":"r","client_id":"c","recording_file_duration_ms":62000}',
    );
    const left = writtenOf(
      write(streamrec, { type: 'supervisor_session_finished', data: { supervisor_session_id: 's' } }),
    );
    expect(bodyText(left)).toBe('{"status":"supervisor_session_finished","supervisor_session_id":"s"}');
  });

  it("keeps the mapping's own message", () => {
    expect(
      bodyText(writtenOf(write(streamrec, { type: 'session_finished', data: { client_id: 'c', msg: 'bye' } }))),
    ).toBe('{"status":"session_finished","msg":"bye","client_id":"c"}');
  });

  it('refuses fractions of a millisecond, and times that are none', () => {
    const paths = (data: object) =>
      problemsOf(write(streamrec, { type: 'upload_ready', data: { rec_id: 'r', client_id: 'c', ...data } })).map(
        ({ path }) => path,
      );
    expect(paths({ recording_file_duration_ms: 62.5, recording_file_size_bytes: '1' })).toEqual([
      'recording_file_duration_ms',
      'recording_file_size_bytes',
    ]);
    expect(paths({ recording_stopped_at: '1757215994597' })).toEqual(['recording_stopped_at']);
    expect(paths({ rec_id: '' })).toEqual(['rec_id']);
  });
});
