/** Reloads while events come in: none fails, none is lost or doubled, and each sees one configuration. */
import { renameSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { startApiServer } from '../subscriptions/api-server.ts';
import { startConsumer } from './consumer.ts';
import { startInProcess } from './relay-in-process.ts';
import { createHome, startRelay } from './relay-process.ts';
import { reloadUnderLoad } from './reload-under-load.ts';
import { clip, post } from './sender.ts';

describe('a relay whose configuration changes', () => {
  it('fails, loses and doubles nothing over 20 reloads, every fifth of them invalid', async () => {
    await reloadUnderLoad({ reloads: 20, eventsPerSecond: 200 });
  });

  it('sees a file that an editor has replaced, a mapping that was changed, and goes on where either is wrong', async () => {
    await using consumer = await startConsumer();
    const yaml = (path: string): string => `
params: { media_base: "https://media.example.com" }
sources: { bsr: { format: bsr } }
targets: { vod: { format: remotemonster, url: "${consumer.url}${path}" } }
rules: [ { name: clips, from: bsr, on: clip.generated, to: vod } ]
`;
    using home = createHome(yaml('/one'));
    await using relay = await startRelay(home);
    const seen = (happening: string, count: number) =>
      relay.line(() => relay.lines.filter((line) => line.happening === happening).length >= count);
    const next = async (n: number) => {
      expect((await post(`${relay.serverUrl}/in/bsr`, clip(n))).status).toBe(202);
      return (await consumer.count(n))[n - 1];
    };
    expect((await next(1))?.url).toBe('/one');

    using draft = createHome(yaml('/two'));
    renameSync(draft.config, home.config);
    await seen('config.reloaded', 1);
    // the draft's own store is another one: a store is changed by a restart only
    expect((await next(2))?.url).toBe('/two');

    const mapping = `${home.folder}/mappings/bsr-to-remotemonster.yaml`;
    writeFileSync(
      mapping,
      'from: bsr\nto: remotemonster\ntranslate: { clip.generated: { emit: record.dome, data: {} } }\n',
    );
    await seen('config.rejected', 1);
    expect(JSON.stringify(relay.lines.find(({ happening }) => happening === 'config.rejected'))).toMatch(
      /bsr-to-remotemonster\.yaml:3:\d+.*record\.done/,
    );
    expect(JSON.parse((await next(3))?.body ?? '')).toMatchObject({ id: 'bilibili_27183290' });

    writeFileSync(
      mapping,
      'from: bsr\nto: remotemonster\ntranslate:\n  clip.generated: { emit: record.done, data: { id: abcd, url: "https://x.example.com/${data.file}" } }\n  live.started: { drop: no }\n  live.ended: { drop: no }\n  record.started: { drop: no }\n  record.ended: { drop: no }\n  archive.deleted: { drop: no }\n  clip.deleted: { drop: no }\n  recorder.added: { drop: no }\n  recorder.removed: { drop: no }\n',
    );
    await seen('config.reloaded', 2);
    expect(JSON.parse((await next(4))?.body ?? '')).toEqual({ id: 'abcd', url: 'https://x.example.com/4.mp4' });
  });

  it('is left alone once the relay stops', async () => {
    const server = await startApiServer();
    using home = createHome(`
sources: { sigma: { format: sigma, register: { api: "${server.url}", token_id: an-id, token_secret: a-secret, uri: "https://relay.example.com/in/sigma" } } }
`);
    await using running = await startInProcess(home);
    const { relay, clock, happened } = running;
    const told = (what: string) => happened.filter((one) => one.what === what).length;
    await running.advanceUntil(() => told('source.registration') === 1);
    const stopped = relay.stop('test');
    expect(relay.reload()).toEqual([]);
    await running.advanceUntil(() => told('relay.stopped') === 1);
    await stopped;
    await clock.advance(60_000);
    expect(server.calls).toHaveLength(2);
    expect(told('config.reloaded')).toBe(0);
    expect(happened.at(-1)?.what).toBe('relay.stopped');
  });
});
