// Runs Vitest to its end with a Node.js of choice, for `npm test` and `npm run conformance`.
import { spawn } from 'node:child_process'
import { delimiter, dirname, join } from 'node:path'
import { root } from './set-up.mjs'

/** The exit code of a run with these arguments of Vitest: 1 when a signal ended it. Ctrl-C and SIGTERM reach the run. */
export function runTests(args, { node = process.execPath, env = {} } = {}) {
  const vitest = join(root, 'node_modules/vitest/vitest.mjs')
  const PATH = [dirname(node), process.env.PATH].join(delimiter)
  const child = spawn(node, [vitest, 'run', ...args], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, PATH, ...env },
  })
  // Ctrl-C reaches the child by itself; it tidies up before it ends, so this process waits for it.
  const ignore = () => {}
  const pass = () => child.kill('SIGTERM')
  process.on('SIGINT', ignore).on('SIGTERM', pass)
  return new Promise((resolve) => {
    child.on('close', (code, signal) => {
      process.off('SIGINT', ignore).off('SIGTERM', pass)
      resolve(signal ? 1 : code)
    })
  })
}
