/** No 2xx leaves before the fsync of its event has returned; a disk that has turned read-only is survived. Both seen with strace. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startConsumer } from '../flow/consumer.ts';
import { createHome, startRelay } from '../flow/relay-process.ts';
import { clip, post } from '../flow/sender.ts';
import { settledBalance } from '../flow/settled.ts';
import { injectFault, needStrace, readTrace } from './strace.ts';

const toTarget = (url: string): string => `
sources: { bsr: { format: bsr } }
targets: { shop: { format: bsr, url: "${url}" } }
rules: [ { name: all, from: bsr, to: shop } ]
`;

let folder: string;
beforeEach(() => {
  needStrace();
  folder = mkdtempSync(join(tmpdir(), 'dragoman-strace-'));
  mkdirSync(folder, { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('an answer', () => {
  it('leaves after the event was written to the log of the database and that log was synced', async () => {
    await using consumer = await startConsumer();
    using home = createHome(toTarget(consumer.url));
    const trace = join(folder, 'trace');
    const calls = 'trace=pwrite64,write,writev,sendto,sendmsg,fsync,fdatasync';
    // -D: the process that is spawned becomes the relay, and strace stands beside it
    const under = ['strace', '-D', '-f', '-y', '-s', '4200', '-o', trace, '-e', calls];
    const relay = await startRelay(home, {}, { under });
    const count = 20;
    for (let n = 1; n <= count; n++) {
      expect((await post(`${relay.serverUrl}/in/bsr`, clip(n))).status).toBe(202);
    }
    await settledBalance(home.database);
    await relay[Symbol.asyncDispose]();

    const all = await readTrace(trace, relay.pid);
    const answers = all.filter(
      ({ name, given }) => /^(write|writev|sendto|sendmsg)$/.test(name) && /HTTP\/1\.1 202/.test(given),
    );
    expect(answers).toHaveLength(count);
    const inLog = (given: string): boolean => given.includes('relay.db-wal>');
    const syncs = all.filter(
      ({ name, given, returned }) => /^f(data)?sync$/.test(name) && inLog(given) && returned.startsWith('0'),
    );
    // what came of the deliveries had commits of its own, but no fsync
    expect(syncs.length).toBeLessThan(1.5 * count);
    for (const [index, answer] of answers.entries()) {
      const id = clipId(index + 1);
      const writes = all.filter(({ name, given }) => name === 'pwrite64' && inLog(given) && given.includes(id));
      expect(writes.length).toBeGreaterThan(0);
      const lastWrite = Math.max(...writes.filter(({ began }) => began < answer.began).map(({ ended }) => ended));
      const synced = syncs.filter(({ began, ended }) => began > lastWrite && ended < answer.began);
      expect([id, synced.length > 0]).toEqual([id, true]);
    }
  });
});

describe('a disk that turns read-only', () => {
  it.each(['EROFS', 'EIO', 'ENOSPC'])(
    'is answered 503 while writes fail with %s, and events are taken again after it',
    async (error) => {
      await using consumer = await startConsumer();
      using home = createHome(toTarget(consumer.url));
      await using relay = await startRelay(home);
      const send = (n: number) => post(`${relay.serverUrl}/in/bsr`, clip(n));
      for (let n = 1; n <= 10; n++) expect((await send(n)).status).toBe(202);
      {
        await using _ = await injectFault(relay.pid, `inject=pwrite64,fdatasync,fsync:error=${error}`);
        for (let n = 11; n <= 20; n++) {
          expect(await send(n)).toMatchObject({
            status: 503,
            headers: { 'retry-after': expect.stringMatching(/^\d+$/) },
          });
        }
        expect((await fetch(`${relay.adminUrl}/readyz`)).status).toBe(503);
      }
      for (let n = 21; n <= 30; n++) {
        while ((await send(n)).status !== 202);
      }
      expect(await settledBalance(home.database)).toMatchObject({
        accepted: 20,
        events: { delivered: 20, waiting: 0 },
      });
    },
  );
});

/** What stands in the stored body of a clip and nowhere else. */
function clipId(n: number): string {
  return (JSON.parse(clip(n)) as { id: string }).id;
}
