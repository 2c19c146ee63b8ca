import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['**/*.test.{ts,tsx,mjs}'],
    exclude: ['**/node_modules/**', '**/dist/**', '**/dist.new/**', '**/dist.old/**'],
    globalSetup: ['server/test/global-setup.ts'],
    // Processes, not threads: each has a libuv pool of its own for hashing and signing, and a crash in native code ends
    // one of them only.
    pool: 'forks',
    // Files of one worker share loaded modules: a fresh load of the SDK costs each file half a second. So no module
    // keeps state between tests, and a test puts back what it changes (environment, timers).
    isolate: false,
    // One more than cores: files that kill and start servers wait for much of their time.
    maxWorkers: availableParallelism() + 1,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})
