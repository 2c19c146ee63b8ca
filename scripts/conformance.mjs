// `npm run conformance`: unchanged clients against a started server, and the faults (kill -9, SIGTERM, two processes)
// whole; `npm test` runs the same files with fewer rounds. Arguments go to Vitest.
process.env.COGNOMEN_LONG = '1'
process.argv.splice(2, 0, 'conformance/', 'examples/', 'server/test/faults/')
await import('./test.mjs')
