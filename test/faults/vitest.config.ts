import { defineConfig, mergeConfig } from 'vitest/config'
import shared from '../../vitest.config.js'

/** The suite of sick vendors: `npm run test:faults`. */
const config = mergeConfig(
  shared,
  defineConfig({
    test: {
      testTimeout: 60_000,
      hookTimeout: 60_000,
      // Most cells wait for a vendor that does nothing.
      maxConcurrency: 32,
      maxWorkers: 2,
      execArgv: ['--expose-gc'],
      // The table is meant for people, without a header for each line.
      disableConsoleIntercept: true,
    },
  }),
)
config.test.include = ['test/faults/*.faults.ts']

export default config
