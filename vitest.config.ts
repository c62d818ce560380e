import { defineConfig } from 'vitest/config'

const only = process.env.LLMPROXY_TEST_ONLY

// `npm test` runs everything but test/long and test/agents; `npm run test:long` and `test:agents` run only those.
export default defineConfig({
  test: {
    include: only ? [`test/${only}/**/*.test.ts`] : ['test/**/*.test.ts'],
    exclude: only ? [] : ['test/long/**', 'test/agents/**'],
    setupFiles: ['test/support/openapi/check-answers.ts'],
    pool: 'forks',
    // Loading the same modules anew for each of hundreds of files takes a third of the time.
    isolate: Boolean(only),
    // What measures load must not share the machine with another test.
    maxWorkers: only ? 1 : 2,
    testTimeout: only ? 240_000 : 20_000,
    hookTimeout: 30_000,
    disableConsoleIntercept: true,
    reporters: ['default'],
  },
})
