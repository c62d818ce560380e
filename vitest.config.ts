import { defineConfig } from 'vitest/config'

// `npm test` runs everything but test/long; `npm run test:long` runs only that.
export default defineConfig({
  test: {
    include: process.env.LLMPROXY_TEST_LONG ? ['test/long/**/*.test.ts'] : ['test/**/*.test.ts'],
    exclude: process.env.LLMPROXY_TEST_LONG ? [] : ['test/long/**'],
    pool: 'forks',
    // What measures load must not share the machine with another test.
    maxWorkers: process.env.LLMPROXY_TEST_LONG ? 1 : 2,
    testTimeout: process.env.LLMPROXY_TEST_LONG ? 240_000 : 20_000,
    hookTimeout: 30_000,
    disableConsoleIntercept: true,
    reporters: ['default'],
  },
})
