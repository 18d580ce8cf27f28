import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: {
    // Without it vitest loads graphql twice, as CommonJS and as a module, and neither takes the other's schema.
    alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }],
  },
  test: {
    include: ['test/**/*.test.ts'],
    // No test may depend on what the machine happens to have configured.
    env: { NODE_ENV: 'test' },
    coverage: {
      include: ['src/**/*.ts'],
      exclude: ['src/main.ts', 'src/**/wire.ts'],
      reporter: ['text-summary', 'html'],
      thresholds: { lines: 90 },
    },
  },
})
