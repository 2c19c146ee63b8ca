// `npm test`: makes a fresh clone ready, builds, and runs every test. Arguments go to Vitest: `npm test -- groups` runs
// the files with "groups" in their path. Tests run even when the build fails; the exit code still says it did.
import './node-version.mjs'

const { setUp } = await import('./set-up.mjs')
const { runTests } = await import('./run-tests.mjs')

const built = await setUp({ dev: true, allowFailedBuild: true })
const code = await runTests(process.argv.slice(2))
if (!built) process.stderr.write('The build failed: see the compiler messages at the top.\n')
process.exitCode = code || (built ? 0 : 1)
