import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SharedRow } from '../../../src/kit/shared-state.ts';
import { openChannel, startThread } from '../../../src/stores/sqlite/channel.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dragoman-channel-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the way to the writer', () => {
  it('fails what a dying thread had and goes on with another one', async () => {
    const threads: Worker[] = [];
    const channel = await openChannel(
      join(folder, 'relay.db'),
      () => {},
      (file) => {
        const thread = startThread('worker', { file });
        threads.push(thread);
        return thread;
      },
    );
    const put = (value: string, version: number): Promise<boolean> =>
      channel.ask({ do: 'put', key: 'k', value, version });
    const get = async (): Promise<string | undefined> =>
      (await channel.ask<SharedRow | undefined>({ do: 'get', key: 'k' }))?.value;

    expect(await put('before', 0)).toBe(true);
    const ended = threads[0]?.terminate();
    await expect(get()).rejects.toThrow("the store's thread has ended");
    await ended;
    await expect(get()).rejects.toThrow("the store's thread has ended");
    await expect.poll(() => get().catch(() => undefined), { timeout: 10_000 }).toBe('before');
    expect(await put('after', 1)).toBe(true);
    expect(threads.length).toBe(2);
    await channel.close();
    await expect(get()).rejects.toThrow('the store is closed');
  });
});
