// The load: a process of its own on a core of its own, told by its parent what to run. Closed loop (a number of
// connections, each with its next request as soon as it has an answer) finds the throughput; open loop (requests at random
// times at a given rate, answered or not) finds latencies, counted from the time at which a request was due.
import { createApiClient } from './api-client.mjs'
import { serveFunctions } from './functions.mjs'
import { prepareIdentityPool } from './identity-pool.mjs'
import { operationNamed } from './operations.mjs'
import { prepareWebIdentity } from './web-identity.mjs'

/** Most requests that wait at once in the open loop, as many clients; later ones wait for a connection. */
const OPEN_LOOP_CONNECTIONS = 64
const TIMER_LATE_MS = 1.5
/** More access tokens than a process remembers the signatures of (signing/verified-signatures.ts): each is new to it again. */
const RARE_TOKENS = 5000
/** Few: a machine that is slow for a moment must not refuse them. */
const PREPARING_CONNECTIONS = 6

let state
let count = 0
let servesFunctions = false
/** What operations have prepared for themselves, by their names. */
const owned = new Map()

const commands = {
  /** Signs some users in, whose tokens refresh and GetUser use; makes a role with a session of it, and an identity pool. */
  async prepare({ world, sessions: wanted }) {
    if (world.functionsPort !== undefined && !servesFunctions) await serveFunctions(world.functionsPort)
    servesFunctions = true
    const client = createApiClient(world, PREPARING_CONNECTIONS)
    const sessions = await Promise.all(
      world.users.slice(0, wanted).map(async ({ username, password }) => {
        const { AuthenticationResult } = await client.call('InitiateAuth', {
          AuthFlow: 'USER_PASSWORD_AUTH',
          ClientId: world.clientId,
          AuthParameters: { USERNAME: username, PASSWORD: password },
        })
        return { username, ...AuthenticationResult }
      }),
    )
    const rareTokens = await makeRareTokens(client, world, sessions)
    const webIdentity = await prepareWebIdentity(client)
    const identityPool = await prepareIdentityPool(client, world, sessions)
    client.close()
    state = { world, sessions, rareTokens, webIdentity, identityPool }
    owned.clear()
    return { sessions: sessions.length }
  },

  /** Runs an operation once, to observe what a single one does. */
  once: ({ operation }) => measured(operation, 1, (attempt) => attempt()),

  /** As fast as the server answers, for `seconds`; what was sent before the end is counted. */
  closed: ({ operation, seconds, connections = operationNamed(operation).connections }) =>
    measured(operation, connections, (attempt) => {
      const end = performance.now() + seconds * 1000
      const client = async () => {
        while (performance.now() < end) await attempt()
      }
      return Promise.all(Array.from({ length: connections }, client))
    }),

  /** The same after `settleSeconds` that are not counted. Answers after the end are not, as they may come much later. */
  crowded: ({ operation, seconds, settleSeconds, connections }) =>
    measured(operation, connections, (attempt, { begin, end: stop }) => {
      const end = performance.now() + (settleSeconds + seconds) * 1000
      setTimeout(begin, settleSeconds * 1000)
      setTimeout(stop, (settleSeconds + seconds) * 1000)
      const client = async () => {
        while (performance.now() < end) await attempt()
      }
      return Promise.all(Array.from({ length: connections }, client))
    }),

  /** At `rate` a second, whatever the server does. */
  open: ({ operation, seconds, rate }) =>
    measured(operation, OPEN_LOOP_CONNECTIONS, async (attempt) => {
      const attempts = []
      const end = performance.now() + seconds * 1000
      // Independent arrivals: exponential gaps.
      for (let due = performance.now(); due < end; due += (-Math.log(1 - Math.random()) * 1000) / rate) {
        const wait = due - performance.now()
        if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait))
        // A timer is late by up to a millisecond; a longer delay is the load's own and would distort the latencies.
        attempts.push(attempt(performance.now() - due < TIMER_LATE_MS ? undefined : due))
      }
      await Promise.all(attempts)
    }),
}

async function makeRareTokens({ call }, { clientId }, sessions) {
  const refresh = async ({ username, RefreshToken }) => {
    const { AuthenticationResult } = await call('InitiateAuth', {
      AuthFlow: 'REFRESH_TOKEN_AUTH',
      ClientId: clientId,
      AuthParameters: { REFRESH_TOKEN: RefreshToken },
    })
    return { username, AccessToken: AuthenticationResult.AccessToken }
  }
  return Promise.all(Array.from({ length: RARE_TOKENS }, (_, i) => refresh(sessions[i % sessions.length])))
}

async function ownOf({ name, prepare = () => undefined }) {
  if (!owned.has(name)) {
    const client = createApiClient(state.world, PREPARING_CONNECTIONS)
    owned.set(name, await prepare({ call: client.call, rest: client.rest, web: client.web, ...state }))
    client.close()
  }
  return owned.get(name)
}

/** Runs `drive` with `attempt`, and counts what is answered between `begin` (the start unless called) and `end`. */
async function measured(operationName, connections, drive) {
  const operation = operationNamed(operationName)
  const own = await ownOf(operation)
  const client = createApiClient(state.world, connections)
  let counted = emptyCount()
  let ended
  const attempt = async (startedAt = performance.now()) => {
    try {
      await operation.run(
        { call: client.call, query: client.query, rest: client.rest, web: client.web, ...state, own },
        count++,
      )
      counted.latencies.push(performance.now() - startedAt)
    } catch (error) {
      counted.failed++
      counted.firstFailure ??= error.message
    }
  }
  const begin = () => {
    counted = emptyCount()
  }
  const end = () => {
    ended ??= summary(counted)
  }
  await drive(attempt, { begin, end })
  end()
  client.close()
  return ended
}

const emptyCount = () => ({
  latencies: [],
  failed: 0,
  firstFailure: undefined,
  cpuBefore: process.cpuUsage(),
  startedAt: performance.now(),
})

function summary({ latencies, failed, firstFailure, cpuBefore, startedAt }) {
  const { user, system } = process.cpuUsage(cpuBefore)
  return {
    completed: latencies.length,
    failed,
    firstFailure,
    seconds: (performance.now() - startedAt) / 1000,
    loadCpuMs: (user + system) / 1000,
    latencies: [...latencies],
  }
}

process.on('message', async ({ id, command, ...parameters }) => {
  try {
    process.send({ id, result: await commands[command](parameters) })
  } catch (error) {
    process.send({ id, error: error.message })
  }
})
process.on('disconnect', () => process.exit())
process.send('ready')
