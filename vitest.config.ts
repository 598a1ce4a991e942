import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'demo/**/*.test.ts', 'test/**/*.test.ts'],
    setupFiles: ['test/seed.ts'],
    // Far above what any test needs: they are there for what hangs, and a machine with other work may starve a process for a minute.
    testTimeout: 300_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 60_000, interval: 20 } },
    reporters: ['default', './test/secondTry.ts'],
    // CI alone tries a failed test once more, and names each that needed it: a finding to be mended, not a pass to be forgotten.
    retry: process.env['WEIR_SECOND_TRY'] === '1' ? 1 : 0,
    pool: 'forks',
    maxWorkers: 2,
  },
});
