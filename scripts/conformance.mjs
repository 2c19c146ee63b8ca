// `npm run conformance`: unchanged clients against a started server, and the faults (kill -9, SIGTERM, two processes)
// whole; `npm test` runs the same files with fewer rounds. Arguments go to Vitest.
//
// One file more than `npm test`: a disk that fails below SQLite (conformance/failing-disk.test.ts), with libfiu, which
// makes system calls fail. It comes from the system's packages, as nothing in the npm registry does that.
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const folder = ['/usr/lib/fiu', '/usr/local/lib/fiu'].find((path) => existsSync(`${path}/fiu_posix_preload.so`))
if (folder !== undefined) process.env.COGNOMEN_LIBFIU = folder
else if (process.platform === 'linux') {
  process.stderr.write(
    'The conformance run needs libfiu, which makes the disk fail. Install it first: apt-get install -y fiu-utils libfiu0\n' +
      '(or from https://blitiri.com.ar/p/libfiu/ into /usr/local).\n',
  )
  process.exit(1)
} else process.stderr.write('Without libfiu (Linux only) no disk fails in this run.\n')

// conformance/gate-proxies.test.ts runs these proxies with the configuration of docs/gate.md; `npm test` leaves out what
// is not there.
const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin']
const missing = ['nginx', 'caddy'].filter((name) => !folders.some((folder) => existsSync(join(folder, name))))
if (missing.length > 0 && process.platform === 'linux') {
  process.stderr.write(
    'The conformance run needs the proxies nginx and caddy, in front of the resource gate. Install them first:\n' +
      'apt-get install -y --no-install-recommends nginx-light caddy\n',
  )
  process.exit(1)
} else if (missing.length > 0)
  process.stderr.write(`Without ${missing.join(' and ')} no test of the gate runs there.\n`)

process.env.COGNOMEN_LONG = '1'
process.argv.splice(2, 0, 'conformance/', 'examples/', 'server/test/faults/')
await import('./test.mjs')
