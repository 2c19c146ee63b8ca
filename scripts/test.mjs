// `npm test`: makes a fresh clone ready, builds, and runs every test. Arguments go to Vitest: `npm test -- groups` runs
// the files with "groups" in their path. Tests run even when the build fails; the exit code still says it did.
import './node-version.mjs'

const { spawn } = await import('node:child_process')
const { join } = await import('node:path')
const { root, setUp } = await import('./set-up.mjs')

const built = await setUp({ dev: true, allowFailedBuild: true })
const vitest = join(root, 'node_modules/vitest/vitest.mjs')
const child = spawn(process.execPath, [vitest, 'run', ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' })
// Ctrl-C reaches the child by itself; it tidies up before it ends, so this process waits for it.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => child.kill('SIGTERM'))
child.on('close', (code, signal) => {
  if (!built) process.stderr.write('The build failed: see the compiler messages at the top.\n')
  process.exitCode = signal ? 1 : code || (built ? 0 : 1)
})
