// What open event streams cost: the memory of a process that holds them, CPU while nothing happens, and the time from an
// acknowledged UpdateRecords to the poke at its reader. After npm run build:
//
//   node bench/streams.mjs [sqlite|postgres] [--streams 10000] [--poked 1000] [--tls]
//
// --tls: over TLS of the server's own, with a certificate that openssl makes.
//
// Each stream is a socket here and one there: `ulimit -n` must allow some hundred more than --streams in both processes.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect as connectTls } from 'node:tls'
import { parseArgs } from 'node:util'
import { CognitoIdentityClient, CreateIdentityPoolCommand, GetIdCommand } from '@aws-sdk/client-cognito-identity'
import { CognitoSyncClient, ListRecordsCommand, UpdateRecordsCommand } from '@aws-sdk/client-cognito-sync'
import { cores, cpuMs, moveTo, residentMb, root } from './machine.mjs'
import { startCognomen } from './servers.mjs'
import { createSigner } from './sigv4.mjs'
import { startDatabase } from './worlds.mjs'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    streams: { type: 'string', default: '10000' },
    poked: { type: 'string', default: '1000' },
    tls: { type: 'boolean', default: false },
  },
})
const [engine = 'sqlite'] = positionals
const STREAMS = Number(values.streams)
const POKED = Number(values.poked)
/** Streams open at once while they are opened. */
const AT_ONCE = 100
const IDLE_SECONDS = 30
const MEMORY_AIM_MB = 400
const POKE_AIM_MS = 100

requireFiles(STREAMS + 500)
const folder = mkdtempSync(join(tmpdir(), 'cognomen-streams-'))
const certificate = values.tls ? makeCertificate() : {}
const postgres = engine === 'postgres' ? await startDatabase() : undefined
const keys = { accessKeyId: 'AKIABENCHBENCHBENCHX', secretAccessKey: 'a-secret-key-for-the-bench' }
const server = await startCognomen({
  build: root,
  tls: values.tls,
  env: {
    ...certificate,
    NODE_ENV: 'development',
    DATA_DIR: folder,
    ...(postgres && { DATABASE_URL: await postgres.createDatabase() }),
    COGNOMEN_ACCESS_KEY_ID: keys.accessKeyId,
    COGNOMEN_SECRET_ACCESS_KEY: keys.secretAccessKey,
    MAX_STREAMS: String(STREAMS),
    MAX_CONNECTIONS_PER_ADDRESS: String(STREAMS),
  },
})
moveTo(cores.load)
const settings = { endpoint: server.url, region: 'us-east-1', credentials: keys }
const identity = new CognitoIdentityClient(settings)
const sync = new CognitoSyncClient(settings)

try {
  const { IdentityPoolId } = await identity.send(
    new CreateIdentityPoolCommand({ IdentityPoolName: 'bench', AllowUnauthenticatedIdentities: true }),
  )
  const newIdentity = async () => (await identity.send(new GetIdCommand({ IdentityPoolId }))).IdentityId
  const identities = await inTurns(STREAMS, newIdentity)
  await sleep(3000)
  const before = residentMb(server.pid)
  const openedAt = performance.now()
  const streams = await inTurns(STREAMS, (i) => openStream(IdentityPoolId, identities[i]))
  const opening = (performance.now() - openedAt) / 1000
  await sleep(3000)
  const idleFrom = cpuMs(server.pid)
  await sleep(IDLE_SECONDS * 1000)
  const idleShare = (cpuMs(server.pid) - idleFrom) / (IDLE_SECONDS * 1000)
  const resident = residentMb(server.pid)
  report(`${engine}${values.tls ? ', TLS' : ''}: ${streams.length} streams of as many identities`, [
    ['opened a second', (STREAMS / opening).toFixed(0)],
    ['memory before', `${before.toFixed(0)} MB`],
    ['memory with them', `${resident.toFixed(0)} MB (aim: under ${MEMORY_AIM_MB})`],
    ['KB a stream', (((resident - before) * 1024) / STREAMS).toFixed(1)],
    ['CPU while idle', `${(idleShare * 100).toFixed(1)} % of a core`],
  ])
  await pokes(
    `one identity after the other, of ${POKED}`,
    streams.slice(0, POKED).map((stream, i) => [identities[i], [stream]]),
    IdentityPoolId,
  )
} finally {
  await server.stop()
  await postgres?.stop()
  rmSync(folder, { recursive: true, force: true })
}
process.exit()

/** Writes once for each identity, ten at a time; reports how long after the answer each stream was poked. */
async function pokes(what, listening, IdentityPoolId) {
  const delays = []
  const work = listening.map(([IdentityId, readers]) => async () => {
    const named = { IdentityPoolId, IdentityId, DatasetName: 'bench' }
    const { SyncSessionToken } = await sync.send(new ListRecordsCommand(named))
    const poked = readers.map((reader) => reader.nextPoke())
    const RecordPatches = [{ Op: 'replace', Key: 'key', Value: 'value', SyncCount: 0 }]
    await sync.send(new UpdateRecordsCommand({ ...named, SyncSessionToken, RecordPatches }))
    const acknowledged = performance.now()
    // A poke may come before the answer has been read.
    for (const at of await Promise.all(poked)) delays.push(Math.max(0, at - acknowledged))
  })
  const startedAt = performance.now()
  await inTurns(work.length, (i) => work[i](), 10)
  const seconds = (performance.now() - startedAt) / 1000
  delays.sort((a, b) => a - b)
  const at = (share) => `${delays[Math.min(delays.length - 1, Math.floor(delays.length * share))].toFixed(1)} ms`
  report(`from the answer of UpdateRecords to the poke, ${what}`, [
    ['writes a second', (work.length / seconds).toFixed(0)],
    ['median', `${at(0.5)} (aim: within ${POKE_AIM_MS} ms)`],
    ['p99', at(0.99)],
    ['longest', at(1)],
  ])
}

async function openStream(IdentityPoolId, IdentityId) {
  const path = `/identitypools/${encodeURIComponent(IdentityPoolId)}/identities/${encodeURIComponent(IdentityId)}/stream`
  const { host, hostname, port } = new URL(server.url)
  const sign = createSigner({ ...keys, region: 'us-east-1', service: 'cognito-sync' })
  const answer = await fetch(server.url + path, { method: 'POST', headers: withoutHost(sign({ host }, '', { path })) })
  const { Ticket } = await answer.json()
  // A bare socket: the client of node:http would take more memory than the server.
  const options = { port: Number(port), host: hostname, rejectUnauthorized: false }
  const socket = values.tls ? connectTls(options) : connect(options)
  socket.setEncoding('latin1')
  socket.write(`GET ${path}?ticket=${Ticket} HTTP/1.1\r\nhost: ${host}\r\n\r\n`)
  let onPoke
  await new Promise((resolve, reject) => {
    socket.once('close', () => reject(new Error('A stream was closed.')))
    socket.on('data', (text) => {
      if (text.startsWith('HTTP/1.1 ')) return text.startsWith('HTTP/1.1 200') ? resolve() : reject(new Error(text))
      if (text.includes('data: ')) onPoke?.(performance.now())
    })
  })
  return {
    nextPoke: () =>
      new Promise((resolve) => {
        onPoke = resolve
      }),
  }
}

/** The settings of a certificate for this machine, which this process takes as it takes any. */
function makeCertificate() {
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'
  const [TLS_KEY_FILE, TLS_CERT_FILE] = ['key.pem', 'cert.pem'].map((name) => join(folder, name))
  const kind = [
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-subj',
    '/CN=127.0.0.1',
    '-days',
    '2',
  ]
  execFileSync('openssl', ['req', '-x509', ...kind, '-keyout', TLS_KEY_FILE, '-out', TLS_CERT_FILE], {
    stdio: 'ignore',
  })
  return { TLS_KEY_FILE, TLS_CERT_FILE }
}

/** `work(i)` for each i, so many at once; their results in order. */
async function inTurns(count, work, atOnce = AT_ONCE) {
  const results = []
  let next = 0
  const worker = async () => {
    while (next < count) {
      const i = next++
      results[i] = await work(i)
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, count) }, worker))
  return results
}

function withoutHost({ host: _, ...headers }) {
  return headers
}

function requireFiles(needed) {
  const limit = execFileSync('sh', ['-c', 'ulimit -n'], { encoding: 'utf8' }).trim()
  if (limit !== 'unlimited' && Number(limit) < needed)
    throw new Error(`ulimit -n is ${limit}; ${STREAMS} streams need ${needed}. Raise it, or pass a lower --streams.`)
}

function report(title, rows) {
  process.stdout.write(`\n${title}\n${rows.map(([name, value]) => `  ${name.padEnd(20)} ${value}\n`).join('')}`)
}
