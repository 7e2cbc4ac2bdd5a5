/** Alarms in a whole relay: what they ask the store and the dispatcher. */
import { expect, it } from 'vitest';
import { startConsumer } from '../flow/consumer.ts';
import { startInProcess } from '../flow/relay-in-process.ts';
import { createHome } from '../flow/relay-process.ts';
import { post } from '../flow/sender.ts';

const MINUTE = 60_000;

it('counts the dead letters of the subscribers where an alarm watches them as a group', async () => {
  await using consumer = await startConsumer(() => 400);
  using home = createHome(`
subscriptions: { token_id: me, token_secret: open-sesame, allow_private: [127.0.0.0/8] }
sources: { api: { format: sigma }, hook: { format: json } }
targets: { other: { format: json, url: "${consumer.url}" } }
rules: [ { name: all, from: api, to: subscribers }, { name: others, from: hook, to: other } ]
alarms: [ { name: theirs, dead_letters: { target: subscribers } } ]
`);
  await using running = await startInProcess(home);
  const { relay, happened, advanceUntil } = running;
  const { status } = await post(`${relay.serverUrl}/v1/webhook`, JSON.stringify({ uri: consumer.url, event: 'all' }), {
    authorization: `Basic ${Buffer.from('me:open-sesame').toString('base64')}`,
  });
  expect(status).toBe(200);
  const dead = () => happened.filter(({ what }) => what === 'delivery.dead').length;
  await post(`${relay.serverUrl}/in/hook`, '{"a":1}');
  await advanceUntil(() => dead() === 1);
  await running.clock.advance(MINUTE);
  expect(happened.filter(({ source }) => source === 'dragoman')).toEqual([]);

  await post(`${relay.serverUrl}/in/api`, JSON.stringify({ event: 'channel_live', eventTime: 1, id: 'c' }));
  await advanceUntil(() => dead() === 2);
  await advanceUntil(() => happened.some(({ type }) => type === 'alarm.dead_letters'), 1000);
});

it('asks the store what a source has sent while no alarm listened', async () => {
  using home = createHome('');
  const configure = (isOn: boolean) =>
    home.configure(`
sources: { hook: { format: json }, quiet: { format: json } }
targets: { t: { format: json, url: "http://127.0.0.1:9" } }
rules: []
alarms:
  - { name: silence, silent: { source: hook, for: 1h }, enabled: ${isOn} }
  - { name: looked, silent: { source: quiet, for: 1m }, enabled: ${isOn} }
`);
  configure(true);
  await using running = await startInProcess(home);
  const { relay, clock, advanceUntil } = running;
  const isOn = async (name: string) => {
    const answer = await fetch(`${relay.adminUrl}/api/overview`);
    const { alarms } = (await answer.json()) as { readonly alarms: readonly { readonly name: string }[] };
    return alarms.some((alarm) => alarm.name === name);
  };
  await advanceUntil(() => isOn('looked'), 1000);
  configure(false);
  expect(relay.reload()).toEqual([]);
  await advanceUntil(async () => !(await isOn('looked')), 1000);
  await clock.advance(5 * 60 * MINUTE);
  expect((await post(`${relay.serverUrl}/in/hook`, '{"a":1}')).status).toBe(202);
  configure(true);
  expect(relay.reload()).toEqual([]);
  await advanceUntil(() => isOn('looked'), 1000);
  expect(await isOn('silence')).toBe(false);
  await clock.advance(60 * MINUTE);
  await advanceUntil(() => isOn('silence'), 1000);
});
