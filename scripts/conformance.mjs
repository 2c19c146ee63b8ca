// `npm run conformance`: unchanged clients against a started server, the faults (kill -9, SIGTERM, two processes) and bad
// input whole; `npm test` runs the same files with fewer rounds. Then all tests with Node.js 22 and 24. Arguments go to Vitest.
//
// More than `npm test`: a disk that fails below SQLite (conformance/failing-disk.test.ts), with libfiu, which makes
// system calls fail; as root, a file system that becomes read-only (conformance/read-only-disk.test.ts); and the proxies
// and clients of the table below. They come from the system's packages, as the npm
// registry has none of them.
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import './node-version.mjs'

const folder = ['/usr/lib/fiu', '/usr/local/lib/fiu'].find((path) => existsSync(`${path}/fiu_posix_preload.so`))
if (folder !== undefined) process.env.COGNOMEN_LIBFIU = folder
else if (process.platform === 'linux') {
  process.stderr.write(
    'The conformance run needs libfiu, which makes the disk fail. Install it first: apt-get install -y fiu-utils libfiu0\n' +
      '(or from https://blitiri.com.ar/p/libfiu/ into /usr/local).\n',
  )
  process.exit(1)
} else process.stderr.write('Without libfiu (Linux only) no disk fails in this run.\n')

// Tests that run programs of Debian's packages; `npm test` leaves out what is not there.
const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin']
const inPath = (name) => folders.map((folder) => join(folder, name))
const programs = [
  { package: 'nginx-light', files: inPath('nginx'), by: 'conformance/gate-proxies.test.ts' },
  { package: 'caddy', files: inPath('caddy'), by: 'conformance/gate-proxies.test.ts' },
  { package: 'awscli', files: ['/usr/bin/aws'], by: 'conformance/aws-cli.test.ts' },
  { package: 'php-cli', files: ['/usr/bin/php'], by: 'conformance/other-signers.test.ts' },
  {
    package: 'php-async-aws-core',
    files: ['/usr/share/php/AsyncAws/Core/autoload.php'],
    by: 'conformance/other-signers.test.ts',
  },
]
const missing = programs.filter(({ files }) => !files.some((file) => existsSync(file)))
for (const { package: name, by } of missing) process.stderr.write(`${by} needs ${name}, which is not installed.\n`)
if (missing.length > 0 && process.platform === 'linux') {
  const names = missing.map(({ package: name }) => name).join(' ')
  process.stderr.write(`Install first: apt-get install -y --no-install-recommends ${names}\n`)
  process.exit(1)
}

const { setUp } = await import('./set-up.mjs')
const { runTests } = await import('./run-tests.mjs')
const { nodeOf, OTHER_NODES } = await import('./other-nodes.mjs')

if (!(await setUp({ dev: true, allowFailedBuild: true }))) process.exit(1)
const args = process.argv.slice(2)
const whole = [
  'conformance/',
  'examples/',
  'server/test/faults/',
  'server/test/bad-input/bad-input',
  'server/test/journeys/login-pages-looks',
  'server/test/sync-client',
  'sync-client/src/convergence',
]
const failed = []
const named = args.some((arg) => !arg.startsWith('-'))
if ((await runTests([...(named ? [] : whole), ...args], { env: { COGNOMEN_LONG: '1' } })) !== 0)
  failed.push(`Node.js ${process.versions.node}`)
// Every test once more, as `npm test` runs them, with the other versions that README calls supported.
for (const major of OTHER_NODES) {
  process.stdout.write(`\nWith Node.js ${major}:\n`)
  const node = nodeOf(major)
  if (node === undefined || (await runTests(args, { node })) !== 0) failed.push(`Node.js ${major}`)
}
if (failed.length > 0) process.stderr.write(`Failed with ${failed.join(', ')}: see above.\n`)
process.exitCode = failed.length === 0 ? 0 : 1
