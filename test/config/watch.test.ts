import { mkdir, mkdtemp, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Watch, watchFiles } from '../../src/config/watch.ts';
import { ManualClock } from '../kit/manual-clock.ts';

let folder: string;
let clock: ManualClock;
let changes: number;
let watch: Watch | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dragoman-watch-'));
  await mkdir(join(folder, 'mappings'));
  await writeFile(join(folder, 'relay.yaml'), 'a: 1\n');
  await writeFile(join(folder, 'mappings/x.yaml'), 'from: bsr\n');
  clock = new ManualClock();
  changes = 0;
});

afterEach(async () => {
  watch?.close();
  await rm(folder, { recursive: true, force: true });
});

/** Begins to watch, and returns once it has seen what there is. */
async function begin(busy?: string): Promise<void> {
  watch = watchFiles({
    paths: [join(folder, 'relay.yaml'), join(folder, 'mappings')],
    busy,
    changed: () => changes++,
    clock,
  });
  await vi.waitFor(() => expect(clock.pending).toBe(1));
}

/** Moves the time on until so many changes have been told. */
async function untilChanges(count: number): Promise<void> {
  await vi.waitFor(
    async () => {
      await clock.advance(100);
      expect(changes).toBe(count);
    },
    { timeout: 5000, interval: 5 },
  );
}

/** Looks often enough for anything that is still to be told. */
async function rest(): Promise<void> {
  for (let looks = 0; looks < 10; looks++) {
    await clock.advance(3000);
    await vi.waitFor(() => expect(clock.pending).toBe(1));
  }
}

describe('watching the configuration and the mappings', () => {
  const deeds: readonly (readonly [what: string, deed: () => Promise<void>])[] = [
    ['a file is written', () => writeFile(join(folder, 'relay.yaml'), 'a: 2\n')],
    [
      'an editor puts another file in its place',
      async () => {
        await writeFile(join(folder, 'relay.yaml.tmp'), 'a: 2\n');
        await rename(join(folder, 'relay.yaml.tmp'), join(folder, 'relay.yaml'));
      },
    ],
    ['a mapping is written', () => writeFile(join(folder, 'mappings/x.yaml'), 'from: sigma\n')],
    ['a mapping is added', () => writeFile(join(folder, 'mappings/y.yaml'), 'from: bsr\n')],
    ['a mapping is removed', () => unlink(join(folder, 'mappings/x.yaml'))],
    [
      'a table in a folder below is added',
      async () => {
        await mkdir(join(folder, 'mappings/tables'));
        await writeFile(join(folder, 'mappings/tables/rooms.csv'), 'a,b\n');
      },
    ],
    [
      'the whole folder is replaced',
      async () => {
        await mkdir(join(folder, 'next'));
        await writeFile(join(folder, 'next/z.yaml'), 'from: bsr\n');
        await rename(join(folder, 'mappings'), join(folder, 'previous'));
        await rename(join(folder, 'next'), join(folder, 'mappings'));
      },
    ],
  ];
  it.each(deeds)('tells once that %s', async (_, deed) => {
    await begin();
    await deed();
    await untilChanges(1);
    await rest();
    expect(changes).toBe(1);
  });

  it('tells that Kubernetes has swapped the link behind a file', async () => {
    for (const version of ['v1', 'v2']) {
      await mkdir(join(folder, version));
      await writeFile(join(folder, version, 'relay.yaml'), `a: ${version}\n`);
    }
    await symlink('v1', join(folder, '..data'));
    await unlink(join(folder, 'relay.yaml'));
    await symlink('..data/relay.yaml', join(folder, 'relay.yaml'));
    await begin();
    await symlink('v2', join(folder, '..data_tmp'));
    await rename(join(folder, '..data_tmp'), join(folder, '..data'));
    await untilChanges(1);
  });

  it('tells of a file that comes only later, and again of its next change', async () => {
    await unlink(join(folder, 'relay.yaml'));
    await begin();
    await writeFile(join(folder, 'relay.yaml'), 'a: 1\n');
    await untilChanges(1);
    await writeFile(join(folder, 'relay.yaml'), 'a: 23\n');
    await untilChanges(2);
  });

  it("does not tell of an editor's own files, nor of other files beside", async () => {
    await begin();
    await writeFile(join(folder, 'mappings/.x.yaml.swp'), 'x');
    await writeFile(join(folder, 'mappings/x.yaml~'), 'x');
    await writeFile(join(folder, 'mappings/4913'), '');
    await writeFile(join(folder, 'other.txt'), 'x');
    await rest();
    expect(changes).toBe(0);
  });

  it.each([
    ['another file', undefined],
    ['the store', 'relay.db'],
  ])('tells of a change while %s beside is written all the time', async (_, busy) => {
    await begin(busy && join(folder, busy));
    await writeFile(join(folder, 'relay.yaml'), 'a: 2\n');
    for (let write = 0; write < 40; write++) {
      await writeFile(join(folder, busy ?? 'relay.log'), String(write));
      await clock.advance(90);
    }
    await vi.waitFor(() => expect(changes).toBe(1));
  });

  it('tells nothing after it was closed', async () => {
    await begin();
    watch?.close();
    watch?.close();
    await writeFile(join(folder, 'relay.yaml'), 'a: 2\n');
    await clock.advance(60_000);
    expect([changes, clock.pending]).toEqual([0, 0]);
  });

  it('waits for what does not exist', async () => {
    watch = watchFiles({ paths: [join(folder, 'no/such/folder')], changed: () => changes++, clock });
    await vi.waitFor(() => expect(clock.pending).toBe(1));
    await mkdir(join(folder, 'no/such/folder'), { recursive: true });
    await writeFile(join(folder, 'no/such/folder/x.yaml'), 'x');
    await untilChanges(1);
  });

  it('follows other paths from now on, and does not take them for a change', async () => {
    await mkdir(join(folder, 'others'));
    await writeFile(join(folder, 'others/y.yaml'), 'from: bsr\n');
    await begin();
    watch?.follow([join(folder, 'relay.yaml'), join(folder, 'others')]);
    await rest();
    expect(changes).toBe(0);
    await writeFile(join(folder, 'others/y.yaml'), 'from: sigma\n');
    await untilChanges(1);
    await writeFile(join(folder, 'mappings/x.yaml'), 'from: sigma\n');
    await rest();
    expect(changes).toBe(1);
    await writeFile(join(folder, 'relay.yaml'), 'a: 3\n');
    await untilChanges(2);
  });
});
