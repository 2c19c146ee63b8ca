// What a server still does when far more clients sign in than it can serve: each client sends its next sign-in as soon as
// it has an answer, also after a refusal. `node bench/overload.mjs [sqlite|postgres] [OPERATION]` after npm run build.
//
// Goodput is sign-ins a second beside the most that few clients reach; p50 and p99 are those of the sign-ins that
// succeeded.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildCheckout } from './builds.mjs'
import { prepare } from './measure.mjs'
import { startCognomen, startLoad } from './servers.mjs'
import { openWorld, startDatabase } from './worlds.mjs'

const [engine = 'sqlite', operation = 'password sign-in'] = process.argv.slice(2)
const FEW = 16
const MANY = [500, 2000, 4000]
const SECONDS = 10
/** Connecting takes some seconds, in which few are served. */
const SETTLE_SECONDS = 10

const folder = mkdtempSync(join(tmpdir(), 'cognomen-overload-'))
const postgres = engine === 'postgres' ? await startDatabase() : undefined
const build = await buildCheckout(folder)
const world = await openWorld({ build, engine, users: 1000, folder, postgres, keep: false })
const server = await startCognomen({ build, env: world.env })
const load = await startLoad()
const closed = async (connections, seconds = SECONDS) => {
  const {
    completed,
    failed,
    firstFailure,
    latencies,
    seconds: took,
  } = await load.ask('crowded', {
    operation,
    seconds,
    settleSeconds: connections > FEW ? SETTLE_SECONDS : 1,
    connections,
  })
  const sorted = latencies.sort((a, b) => a - b)
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
  return { rate: completed / took, refused: failed / took, firstFailure, p50: at(0.5), p99: at(0.99) }
}
const row = (...cells) => `${cells.map((cell) => String(cell).padStart(12)).join('')}\n`

try {
  await prepare(load, server, world, 16)
  await closed(FEW, 3)
  const peak = await closed(FEW)
  process.stdout.write(
    `${operation}, ${engine}\n${row('clients', 'a second', 'of the peak', 'refused', 'p50 ms', 'p99 ms')}`,
  )
  const show = (clients, { rate, refused, p50, p99 }) =>
    process.stdout.write(
      row(
        clients,
        rate.toFixed(0),
        `${((rate / peak.rate) * 100).toFixed(0)} %`,
        refused.toFixed(0),
        p50.toFixed(0),
        p99.toFixed(0),
      ),
    )
  show(FEW, peak)
  for (const clients of MANY) {
    const result = await closed(clients)
    show(clients, result)
    if (result.firstFailure && !/TooManyRequests/.test(result.firstFailure))
      process.stdout.write(`${result.firstFailure}\n`)
  }
} finally {
  await load.stop()
  await server.stop()
  await postgres?.stop()
  rmSync(folder, { recursive: true, force: true })
}
