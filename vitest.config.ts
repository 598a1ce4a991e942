import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'demo/**/*.test.ts', 'test/**/*.test.ts'],
    setupFiles: ['test/seed.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    reporters: ['default', './test/secondTry.ts'],
    // CI alone tries a failed test once more, and names each that needed it: a finding to be mended, not a pass to be forgotten.
    retry: process.env['WEIR_SECOND_TRY'] === '1' ? 1 : 0,
    pool: 'forks',
    maxWorkers: 2,
  },
});
