import { defineConfig, mergeConfig } from 'vitest/config'
import shared from '../../vitest.config.js'

/** The suite that needs a browser: `npm run test:browser`. */
const config = mergeConfig(shared, defineConfig({ test: { testTimeout: 60_000, hookTimeout: 60_000 } }))
config.test.include = ['test/browser/*.browser.ts']

export default config
