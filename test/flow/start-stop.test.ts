/** How a relay starts with a backlog, stops with work in hand, and refuses a store that it must not open. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { dirname, resolve } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fillBacklog } from './backlog.ts';
import { startConsumer } from './consumer.ts';
import { createHome, startRelay } from './relay-process.ts';
import { clip, post, sendClips } from './sender.ts';
import { openBeside, settledBalance } from './settled.ts';

const clipsTo = (url: string, more = ''): string => `
params: { media_base: "https://media.example.com" }
sources: { bsr: { format: bsr } }
targets: { vod: { format: remotemonster, url: "${url}/hook", concurrency: 4${more} } }
rules: [ { name: clips, from: bsr, on: clip.generated, to: vod } ]
`;

/** Whatever of it still runs. */
function endGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // it has ended
  }
}

describe('a relay that starts', () => {
  it('answers before it has looked at a backlog of 20,000, and then sends it', async () => {
    await using consumer = await startConsumer();
    using home = createHome(clipsTo(consumer.url));
    await fillBacklog(home.database, 20_000);
    await using relay = await startRelay(home);
    expect((await post(`${relay.serverUrl}/in/bsr`, clip(99_999))).status).toBe(202);
    await using store = await openBeside(home.database);
    expect((await store.ledger.balance()).events.waiting).toBeGreaterThan(10_000);
    await consumer.count(1000);
    expect((await post(`${relay.serverUrl}/in/bsr`, clip(99_998))).status).toBe(202);
  });

  it('says which store it refuses, and leaves its file as it is', async () => {
    using home = createHome(clipsTo('http://127.0.0.1:9'));
    mkdirSync(dirname(home.database), { recursive: true });
    writeFileSync(home.database, 'this is somebody else’s file\n'.repeat(400));
    await expect(startRelay(home)).rejects.toThrow(
      /ended with 1: Error: .*relay\.db is damaged.*STORE_CORRUPT.*\n.*Try: /,
    );
    expect(readFileSync(home.database, 'utf8')).toMatch(/^this is somebody else’s file\n/);
  });

  it('refuses a store that was cut off, and one that another relay has', async () => {
    using home = createHome(clipsTo('http://127.0.0.1:9'));
    {
      await using first = await startRelay(home);
      await expect(startRelay(home)).rejects.toThrow(/ended with 1: Error: another process has .*STORE_IN_USE/);
      await sendClips({ url: `${first.serverUrl}/in/bsr`, count: 300 }).done;
      first.kill('SIGTERM');
      expect(await first.exited).toBe(0);
    }
    truncateSync(home.database, Math.floor(statSync(home.database).size / 2));
    const before = readFileSync(home.database);
    await expect(startRelay(home)).rejects.toThrow(/ended with 1: Error: .*STORE_CORRUPT/);
    expect(readFileSync(home.database).equals(before)).toBe(true);
  });
});

describe('a relay that is told to stop', () => {
  it('answers what has begun to arrive, finishes what is under way, hands back the rest, and ends with 0', async () => {
    const answers: (() => void)[] = [];
    await using consumer = await startConsumer({ hold: (answer) => void answers.push(answer) });
    using home = createHome(clipsTo(consumer.url));
    const relay = await startRelay(home);
    await sendClips({ url: `${relay.serverUrl}/in/bsr`, count: 20 }).done;
    await consumer.count(4);
    const body = clip(21);
    const late = createConnection(Number(new URL(relay.serverUrl).port), '127.0.0.1');
    late.write(
      `POST /in/bsr HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body.slice(0, 50)}`,
    );
    await relay.line(({ happening }) => happening === 'event.accepted');
    relay.kill('SIGTERM');
    await relay.line(({ happening }) => happening === 'relay.stopping');
    const answered = new Promise<string>((resolve) => late.once('data', (chunk) => resolve(chunk.toString())));
    late.write(body.slice(50));
    expect(await answered).toMatch(/^HTTP\/1\.1 202 /);
    for (const answer of answers) answer();
    expect(await relay.exited).toBe(0);

    await using store = await openBeside(home.database);
    expect(await store.ledger.balance()).toMatchObject({ accepted: 21, events: { delivered: 4, waiting: 17 } });
    await using again = await startRelay(home);
    await consumer.count(8);
    for (const { headers } of consumer.received) expect(headers['dragoman-attempt']).toBe('1');
    expect(again.pid).not.toBe(relay.pid);
  });

  it('takes a signal that comes twice for one, and a later one for an order to end at once', async () => {
    await using consumer = await startConsumer({ hold: () => undefined });
    using home = createHome(`server: { host: 127.0.0.1, port: 0, grace: 1m }${clipsTo(consumer.url, ', timeout: 1h')}`);
    await using relay = await startRelay(home);
    await sendClips({ url: `${relay.serverUrl}/in/bsr`, count: 1 }).done;
    await consumer.count(1);
    const asked = performance.now();
    const nagging = setInterval(() => relay.kill('SIGINT'), 100);
    onTestFinished(() => clearInterval(nagging));
    expect(await relay.exited).toBe(null);
    expect(performance.now() - asked).toBeGreaterThan(1000);
    expect(relay.lines.filter(({ happening }) => happening === 'relay.stopping')).toHaveLength(1);
  });

  it('is told by npm start, which runs it in its own place', async () => {
    using home = createHome(clipsTo('http://127.0.0.1:9'));
    const npm = spawn('npm', ['start'], {
      cwd: resolve(import.meta.dirname, '../..'),
      env: { ...process.env, DRAGOMAN_CONFIG: home.config },
      stdio: ['ignore', 'pipe', 'ignore'],
      detached: true,
    });
    onTestFinished(() => endGroup(npm.pid));
    let out = '';
    npm.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      if (chunk.includes('relay.started')) npm.kill('SIGTERM');
    });
    await once(npm.stdout, 'close'); // nobody holds it any more
    expect(out).toContain('"happening":"relay.stopped"');
  });

  it('does not wait longer than its grace for a target that never answers', async () => {
    await using consumer = await startConsumer({ hold: () => undefined });
    using home = createHome(`server: { host: 127.0.0.1, port: 0, grace: 1s }${clipsTo(consumer.url, ', timeout: 1h')}`);
    const relay = await startRelay(home);
    await sendClips({ url: `${relay.serverUrl}/in/bsr`, count: 10 }).done;
    await consumer.count(4);
    const asked = performance.now();
    relay.kill('SIGTERM');
    expect(await relay.exited).toBe(0);
    expect(performance.now() - asked).toBeLessThan(10_000);
    await using store = await openBeside(home.database);
    expect(await store.ledger.balance()).toMatchObject({ accepted: 10, events: { waiting: 10 } });
    await using other = await startConsumer();
    home.configure(clipsTo(other.url));
    await using again = await startRelay(home);
    await settledBalance(home.database);
    // the cut ones may have arrived: they come with a higher number
    const numbers = other.received.map(({ headers }) => Number(headers['dragoman-attempt'])).sort();
    expect(numbers).toEqual([1, 1, 1, 1, 1, 1, 2, 2, 2, 2]);
    expect(again.pid).not.toBe(relay.pid);
  });
});
