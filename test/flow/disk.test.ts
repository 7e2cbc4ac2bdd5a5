/** A disk that takes no more: senders are asked to come back, and the relay goes on by itself once it can write. */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { canMount } from './can-mount.ts';
import { startConsumer } from './consumer.ts';
import { createHome, type RelayProcess, startRelay } from './relay-process.ts';
import { clip, type Posted, post } from './sender.ts';
import { settledBalance } from './settled.ts';

const BIG = 'x'.repeat(100_000);
const toTarget = (url: string): string => `
sources: { bsr: { format: bsr } }
targets: { shop: { format: bsr, url: "${url}" } }
rules: [ { name: all, from: bsr, to: shop } ]
`;

/** What happens to the disk, and how it is undone. */
interface Trouble {
  readonly name: string;
  readonly needsMount: boolean;
  /** Makes the disk such that it soon takes no more. */
  begin(folder: string, relay: RelayProcess): void;
  end(folder: string, relay: RelayProcess): void;
}

const run = (command: string, ...args: string[]): void => void execFileSync(command, args, { stdio: 'ignore' });

const TROUBLES: readonly Trouble[] = [
  {
    name: 'has a limit',
    needsMount: false,
    begin: (_, { pid }) => run('prlimit', `--pid=${pid}`, '--fsize=1500000:unlimited'),
    end: (_, { pid }) => run('prlimit', `--pid=${pid}`, '--fsize=unlimited:unlimited'),
  },
  {
    name: 'takes nothing at all',
    needsMount: false,
    begin: (_, { pid }) => run('prlimit', `--pid=${pid}`, '--fsize=0:unlimited'),
    end: (_, { pid }) => run('prlimit', `--pid=${pid}`, '--fsize=unlimited:unlimited'),
  },
  {
    name: 'is full',
    needsMount: true,
    begin: (folder) => run('mount', '-o', 'remount,size=2m', folder),
    end: (folder) => run('mount', '-o', 'remount,size=60m', folder),
  },
];

describe.each(TROUBLES.filter(({ needsMount }) => !needsMount || canMount()))('a disk that $name', (trouble) => {
  it('is answered 503 with Retry-After, and events are taken again once it is well', async () => {
    await using consumer = await startConsumer();
    using home = createHome(toTarget(consumer.url));
    const folder = dirname(home.database);
    mkdirSync(folder, { recursive: true });
    if (trouble.needsMount) run('mount', '-t', 'tmpfs', '-o', 'size=60m', 'tmpfs', folder);
    try {
      await using relay = await startRelay(home);
      const accepted: number[] = [];
      const send = async (n: number): Promise<Posted> => {
        const answer = await post(`${relay.serverUrl}/in/bsr`, clip(n, '1', BIG));
        if (answer.status === 202) accepted.push(n);
        return answer;
      };
      await send(1);
      trouble.begin(folder, relay);
      let n = 1;
      let refused = await send(++n);
      while (refused.status === 202) refused = await send(++n);
      expect(refused).toMatchObject({ status: 503, headers: { 'retry-after': expect.stringMatching(/^\d+$/) } });
      expect(JSON.parse(refused.body)).toMatchObject({ error: { code: expect.stringMatching(/^[A-Z_]+$/) } });
      // where an event has no room, the small write of a look may still have some
      expect((await fetch(`${relay.adminUrl}/readyz`)).status).toBe(503);
      expect((await fetch(`${relay.adminUrl}/healthz`)).status).toBe(200);

      trouble.end(folder, relay);
      for (let again = await send(n); again.status !== 202; again = await send(n)) expect(again.status).toBe(503);
      expect((await fetch(`${relay.adminUrl}/readyz`)).status).toBe(200);
      const { accepted: stored, events } = await settledBalance(home.database);
      expect([stored, events.delivered]).toEqual([accepted.length, accepted.length]);
      await relay.line(({ happening }) => happening === 'store.unavailable');
    } finally {
      if (trouble.needsMount) run('umount', '-l', folder);
    }
  });
});
