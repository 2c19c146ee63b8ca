// A guard for tests and development: a transaction must contain nothing but statements
// (docs/decisions/statement-rules.md, rule 9). On SQLite every reader waits for a transaction to end, on PostgreSQL it
// holds row locks and a connection; and a transaction that is retried must not send anything twice. server.ts installs
// the guard where answers are checked against the contract.
import { AsyncLocalStorage } from 'node:async_hooks'
import type { Sealer } from '../crypto/seal.ts'
import type { WorkPool } from '../crypto/work-pool.ts'
import type { Effects } from '../effects/effects.ts'
import type { Database } from './database.ts'

export interface GuardedParts {
  database: Database
  effects: Effects
  sealer: Sealer
  work: WorkPool
}

/**
 * The parts of a server with transactions that know that they run: inside of one, everything but its own statements (and
 * the clock) throws. A new way to the outside world gets its line here.
 */
export function guardTransactions({ database, effects, sealer, work }: GuardedParts): GuardedParts {
  return {
    database: guardDatabase(database),
    effects: {
      ...refusedInside(effects, 'effects', ['sendEmail', 'sendSms', 'makeRsaKeyPair']),
      web: refusedInside(effects.web, 'web', ['send']),
      random: refusedInside(effects.random, 'random', ['bytes']),
      functions: refusedInside(effects.functions, 'functions', ['invoke']),
      externalSts:
        effects.externalSts && refusedInside(effects.externalSts, 'externalSts', ['assumeRoleWithWebIdentity']),
    },
    sealer: refusedInside(sealer, 'sealer', ['seal', 'sealJson', 'mac', 'macs']),
    work: refusedInside(work, 'work', ['run']),
  }
}

interface Running {
  /** False once the transaction has ended: work that it started and did not await is then outside the transaction. */
  inside: boolean
}

const running = new AsyncLocalStorage<Running>()

/** True for what runs inside of a transaction of a guarded database. */
export const isInTransaction = (): boolean => running.getStore()?.inside ?? false

function refuseInside(what: string): void {
  if (isInTransaction())
    throw new Error(`${what} inside a transaction, where nothing but statements may be: prepare it before.`)
}

const PLAIN_DB = 'A statement on the plain `db`'

/** Inside a transaction the plain `db` and another transaction are refused: on SQLite either would deadlock. */
function guardDatabase(database: Database): Database {
  const db = database.db.withPlugin({
    // Seen by every statement that is built; those of statement.ts are built before and come by `executeQuery`.
    transformQuery: ({ node }) => {
      refuseInside(PLAIN_DB)
      return node
    },
    transformResult: async ({ result }) => result,
  })
  const executeQuery: typeof db.executeQuery = (query) => {
    refuseInside(PLAIN_DB)
    return database.db.executeQuery(query)
  }
  const transaction: Database['transaction'] = async (work) => {
    refuseInside('Another transaction')
    return database.transaction((db) => {
      const state: Running = { inside: true }
      return running.run(state, async () => {
        try {
          return await work(db)
        } finally {
          state.inside = false
        }
      })
    })
  }
  return {
    ...database,
    db: Object.assign(db, { executeQuery }),
    transaction,
    ofRequest: () => guardDatabase(database.ofRequest()),
  }
}

/** `part` with the named functions refused inside a transaction; absent ones stay absent. `what` is for the error. */
function refusedInside<Part extends object>(part: Part, what: string, names: readonly (keyof Part)[]): Part {
  const guarded = { ...part }
  for (const name of names) {
    const run = part[name]
    if (typeof run !== 'function') continue
    guarded[name] = ((...input: unknown[]) => {
      refuseInside(`${what}.${String(name)}`)
      return run.apply(part, input)
    }) as Part[typeof name]
  }
  return guarded
}
