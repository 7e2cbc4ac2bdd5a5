import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/faults/**', 'test/bench/**'],
    testTimeout: 20_000,
    hookTimeout: 30_000,
    // Most tests wait for processes, disks and pages rather than for the processor.
    maxWorkers: 3,
    // The folder that `bin/dragoman.js` takes too. Threads and processes that run the sources then strip and compile them once, not each anew.
    env: { NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache') },
  },
});
