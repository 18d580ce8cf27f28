import { readdirSync, readFileSync } from 'node:fs'
import { defineConfig } from 'vitest/config'

/** Test files whose properties call `runCount()`: `npm test` tries a few inputs of each, `npm run test:fuzz` all of them. */
const PROPERTIES = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.ts'))
  .map((file) => `test/${file}`)
  .filter((file) => readFileSync(file, 'utf8').includes('support/run-count.js'))

/** Real processes, clocks and crowds take their time. */
const SLOW = { testTimeout: 60_000, hookTimeout: 60_000, expect: { poll: { timeout: 20_000 } } }

export default defineConfig({
  resolve: {
    // Without it vitest loads graphql twice, as CommonJS and as a module, and neither takes the other's schema.
    alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }],
  },
  test: {
    // No test may depend on what the machine happens to have configured.
    env: { NODE_ENV: 'test' },
    // Modules are loaded once per worker and not once per file, so a test must leave no state behind.
    isolate: false,
    // Vitest leaves one processor free by default.
    maxWorkers: '100%',
    coverage: {
      include: ['src/**/*.ts'],
      exclude: ['src/main.ts', 'src/**/wire.ts'],
      // The gate keeps the counts and coverage of each suite beside it, and every run empties this folder.
      reportsDirectory: 'coverage/report',
      reporter: ['text-summary', 'html'],
      thresholds: { lines: 95 },
    },
    // The suffix of a file says its suite.
    projects: [
      { extends: true, test: { name: 'unit', include: ['test/**/*.test.ts'] } },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['test/**/*.integration.ts'],
          // Processes are started as `npm start` does, from the build.
          globalSetup: 'test/support/build.ts',
          // Their clocks are real, so they run one file at a time, and after any other suite.
          fileParallelism: false,
          sequence: { groupOrder: 1 },
          ...SLOW,
        },
      },
      {
        extends: true,
        test: {
          name: 'faults',
          include: ['test/**/*.faults.ts'],
          ...SLOW,
          // Most cells wait for a vendor that does nothing.
          maxConcurrency: 32,
          execArgv: ['--expose-gc'],
          // Leaks are measured in a heap of their own.
          isolate: true,
        },
      },
      { extends: true, test: { name: 'browser', include: ['test/**/*.browser.ts'], ...SLOW } },
      {
        extends: true,
        test: { name: 'fuzz', include: ['test/**/*.fuzz.ts', ...PROPERTIES], env: { DOCKET_ALL_RUNS: '1' }, ...SLOW },
      },
    ],
  },
})
