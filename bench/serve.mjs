// A server as the command `cognomen` starts it, with functions of its own process for triggers, which only `start` takes.
// node serve.mjs FOLDER, where FOLDER has the module server.js of a build.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { arnOf, handler } from './functions.mjs'

const { start } = await import(pathToFileURL(join(process.argv[2], 'server.js')).href)
const triggers = { [arnOf('handler')]: handler }
// `start` alone would keep its database in memory; unset, it is SQLite in DATA_DIR.
const env = { DATABASE_URL: undefined, ...process.env }
const server = await start({ env, triggers, checkOutputs: false, logTo: process.stdout })
process.once('SIGTERM', () => server.stop())
