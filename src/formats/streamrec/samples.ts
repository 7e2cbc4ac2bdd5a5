/** Samples of StreamRec's events, built from its reference. */
import type { Sample } from '../../model/format.ts';
import { jsonSample } from '../sample.ts';

export const streamrecSamples = {
  upload_ready: [
    jsonSample(
      'documented',
      '{"status":"upload_ready","msg":"upload finished","rec_id":"6760fea3-589c-4253-b1c6-3d87123be956","client_id":"client-0","recording_started_at":"2025-03-19T11:40:25.499Z","recording_first_frame_written_at":"2025-03-19T11:40:25.911Z","recording_first_peerframe_captured_at":"2025-03-19T11:40:25.702Z","recording_stopped_at":"2025-03-19T11:41:21.499Z","recording_file_duration_ms":55588,"recording_file_size_bytes":4182311}',
    ),
    jsonSample(
      'empty recording',
      '{"status":"upload_ready","msg":"upload finished","rec_id":"0f0a2b52-7b5c-4a0d-9d51-0f5a0f6c1c11","client_id":"client-0","recording_started_at":"2025-03-19T11:40:25.499123456Z","recording_stopped_at":"2025-03-19T12:40:26+01:00","recording_file_duration_ms":0,"recording_file_size_bytes":0}',
    ),
  ],
  upload_failed: [
    jsonSample(
      'documented',
      '{"status":"upload_failed","msg":"upload failed","rec_id":"6760fea3-589c-4253-b1c6-3d87123be956","client_id":"client-0","upload_status_code":403}',
    ),
    jsonSample(
      'no connection',
      '{"status":"upload_failed","msg":"upload failed","rec_id":"6760fea3-589c-4253-b1c6-3d87123be956","client_id":"client-0","upload_status_code":0}',
    ),
  ],
  session_finished: [
    jsonSample(
      'documented',
      '{"status":"session_finished","msg":"session finished","rec_id":"6760fea3-589c-4253-b1c6-3d87123be956","client_id":"client-0","started_at":"2025-03-19T11:40:20.000Z","stopped_at":"2025-03-19T11:41:30.000Z"}',
    ),
    jsonSample(
      'not recorded',
      '{"status":"session_finished","msg":"session finished","client_id":"client-0","started_at":"2025-03-19T11:40:20.000Z","stopped_at":"2025-03-19T11:41:30.000Z"}',
    ),
  ],
  supervisor_session_finished: [
    jsonSample(
      'documented',
      '{"status":"supervisor_session_finished","supervisor_session_id":"5061fd09-834c-1efa-be18-4a08eb54996f","supervisor_client_id":"sup-0","agent_session_id":"6760fea3-589c-4253-b1c6-3d87123be956","agent_client_id":"client-0","started_at":"2025-03-19T11:40:25Z","stopped_at":"2025-03-19T11:50:25Z"}',
    ),
  ],
} satisfies Record<string, readonly Sample[]>;
