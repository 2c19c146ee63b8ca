// `npm start`: makes a fresh clone ready (install, build), then runs the server in this process, so that signals and
// the exit code are the server's own. When nothing is stale the checks take a few milliseconds.
import './node-version.mjs'

const { setUp, serverMain } = await import('./set-up.mjs')
await setUp()
await import(serverMain)
