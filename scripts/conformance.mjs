// `npm run conformance`: unchanged clients against a started server, and the faults (kill -9, SIGTERM, two processes)
// whole; `npm test` runs the same files with fewer rounds. Arguments go to Vitest.
//
// One file more than `npm test`: a disk that fails below SQLite (conformance/failing-disk.test.ts), with libfiu, which
// makes system calls fail. It comes from the system's packages, as nothing in the npm registry does that.
import { existsSync } from 'node:fs'

const folder = ['/usr/lib/fiu', '/usr/local/lib/fiu'].find((path) => existsSync(`${path}/fiu_posix_preload.so`))
if (folder !== undefined) process.env.COGNOMEN_LIBFIU = folder
else if (process.platform === 'linux') {
  process.stderr.write(
    'The conformance run needs libfiu, which makes the disk fail. Install it first: apt-get install -y fiu-utils libfiu0\n' +
      '(or from https://blitiri.com.ar/p/libfiu/ into /usr/local).\n',
  )
  process.exit(1)
} else process.stderr.write('Without libfiu (Linux only) no disk fails in this run.\n')

process.env.COGNOMEN_LONG = '1'
process.argv.splice(2, 0, 'conformance/', 'examples/', 'server/test/faults/')
await import('./test.mjs')
