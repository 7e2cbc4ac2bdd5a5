import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configDefaults, defineConfig } from 'vitest/config';
import { LongestFirst } from './test/longest-first.ts';

/** What starts relays, databases, browsers or threads has a process of its own for each file. */
const WITH_PROCESSES = [
  'test/{cli,flow,stores}/**/*.test.ts',
  'test/dashboard/dashboard*.test.ts',
  'test/receive/memory.test.ts',
  'test/subscriptions/{shared-store,two-relays}.test.ts',
  'test/{bench,bundle}.test.ts',
];

export default defineConfig({
  test: {
    exclude: [...configDefaults.exclude, 'test/faults/**', 'test/bench/**'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Most tests wait for processes, disks and pages rather than for the processor.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    // The folder that `bin/dragoman.js` takes too. Threads and processes that run the sources then strip and compile them once, not each anew.
    env: { NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache') },
    projects: [
      { extends: true, test: { name: 'alone', include: WITH_PROCESSES, globalSetup: 'test/fresh-bundle.ts' } },
      // The rest keeps nothing outside its own values, so that a process imports the sources once for many files.
      {
        extends: true,
        test: { name: 'together', include: ['test/**/*.test.ts'], exclude: WITH_PROCESSES, isolate: false },
      },
    ],
  },
});
