import { describe, expect, it } from 'vitest';
import { findArrivingSample } from '../../src/plan/arriving-sample.ts';
import { makePlan } from '../../src/plan/make-plan.ts';
import { createHome } from '../flow/relay-process.ts';

/** What is offered for a configuration with two sources and two targets: source, event and target. */
function offered(rules: string): readonly string[] | undefined {
  using home = createHome(`
sources: { bsr: { format: bsr }, rmst: { format: remotemonster } }
targets:
  old: { format: remotemonster, url: "http://127.0.0.1:9/old" }
  off: { format: remotemonster, url: "http://127.0.0.1:9/off", enabled: false }
  same: { format: bsr, url: "http://127.0.0.1:9/same" }
params: { media_base: "https://media.example.com" }
rules: ${rules}
`);
  const { plan, problems } = makePlan({ configPath: home.config, env: {} });
  expect(problems).toEqual([]);
  const found = plan && findArrivingSample(plan, Date.UTC(2026, 0, 1));
  return found && [found.source.name, JSON.parse(found.sample.body ?? '{}').event, found.target];
}

describe('the sample that a relay is tried with', () => {
  it.each([
    [
      'an event that the mapping drops is passed over',
      '[{ name: all, from: bsr, to: old }]',
      ['bsr', 'live.started', 'old'],
    ],
    [
      'the rule names it',
      '[{ name: clips, from: bsr, on: clip.generated, to: old }]',
      ['bsr', 'clip.generated', 'old'],
    ],
    [
      'the filter lets it through',
      '[{ name: ended, from: bsr, when: { "==": [{ var: event.type }, record.ended] }, to: old }]',
      ['bsr', 'record.ended', 'old'],
    ],
    ['nothing is mapped', '[{ name: same, from: bsr, to: same }]', ['bsr', 'recorder.added', 'same']],
    [
      'its target is not switched off',
      '[{ name: off, from: bsr, to: [off, same] }]',
      ['bsr', 'recorder.added', 'same'],
    ],
  ])('is one of which %s', (_, rules, expected) => {
    expect(offered(rules)).toEqual(expected);
  });

  it('is none where no documented event reaches a target', () => {
    expect(
      offered('[{ name: one room, from: bsr, when: { "==": [{ var: data.room_id }, "none"] }, to: old }]'),
    ).toBeUndefined();
  });
});
