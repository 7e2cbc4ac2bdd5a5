import { describe, expect, it } from 'vitest';
import { freshSample } from '../../src/cli/fresh-sample.ts';
import { formats } from '../../src/formats/index.ts';
import { sampleRequest } from '../../src/formats/sample.ts';
import type { Format, Sample } from '../../src/model/format.ts';
import { eventOf } from '../formats/request.ts';

const NOW = Date.parse('2026-03-19T11:40:25.499Z');
const all = [...formats.values()]
  .filter(({ open }) => !open)
  .flatMap((format) =>
    Object.entries(format.events).flatMap(([type, { samples }]) =>
      samples.map((sample): [string, Format, Sample] => [`${format.name}/${type}/${sample.name}`, format, sample]),
    ),
  );
const read = (format: Format, sample: Sample) => eventOf(format.read(sampleRequest(sample, NOW), {}));

describe('a fresh sample', () => {
  it.each(all)('of %s is no repeat, neither of the sample nor of a fresh one a moment ago', (_, format, sample) => {
    const events = [sample, freshSample(sample, NOW), freshSample(sample, NOW + 1)].map((one) => read(format, one));
    expect(new Set(events.map(({ key }) => key)).size).toBe(3);
    expect(new Set(events.map(({ type }) => type)).size).toBe(1);
  });

  it("moves StreamRec's times together, so that the last of them is now", () => {
    const [sample] = formats.get('streamrec')?.events.upload_ready?.samples ?? [];
    expect(JSON.parse(freshSample(sample as Sample, NOW).body ?? '')).toMatchObject({
      recording_started_at: '2026-03-19T11:39:29.499Z',
      recording_first_frame_written_at: '2026-03-19T11:39:29.911Z',
      recording_first_peerframe_captured_at: '2026-03-19T11:39:29.702Z',
      recording_stopped_at: '2026-03-19T11:40:25.499Z',
    });
  });
});
