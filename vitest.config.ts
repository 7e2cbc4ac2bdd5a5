import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/faults/**', 'test/bench/**'],
    testTimeout: 20_000,
    hookTimeout: 30_000,
    // Most tests wait for processes, disks and pages rather than for the processor.
    maxWorkers: 3,
  },
});
