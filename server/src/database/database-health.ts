// Whether the database serves: judged by the outcomes of real work and by a small write that must be flushed. Also the
// log lines at the beginning and the end of a time in which it does not serve.
import type { Logger } from 'pino'
import type { Database, WorkObserver } from './database.ts'
import { limits } from './limits.ts'
import { within } from './within.ts'

export interface DatabaseHealth extends WorkObserver {
  /**
   * Undefined when the database serves; else what is wrong, in words for the public. Never rejects. Answers within
   * `limits.readinessWait`, also when the database is silent; calls at the same time share one write.
   */
  problem(database: Database, now: number): Promise<string | undefined>
}

/** The outcomes of work are counted for this long; judged are those of this period and of the one before. */
const PERIOD_MS = 1000

/** The name of the row in `meta` that the check of readiness writes. */
const ROW = 'readiness'

/** `monotonic` counts milliseconds and is never set. */
export function createDatabaseHealth(log: Logger, monotonic: () => number = () => performance.now()): DatabaseHealth {
  const outcomes = countOutcomes(monotonic)
  /** The advice of the lines that were logged since the database served last. */
  const logged = new Set<string>()
  let probing: Promise<string | undefined> | undefined

  return {
    worked() {
      outcomes.count('worked')
      if (logged.size === 0 || outcomes.failed() > 0) return
      logged.clear()
      log.info('the database serves again')
    },
    away(error) {
      outcomes.count('failed')
      // One line for each cause, however many requests meet it.
      if (logged.has(error.advice)) return
      logged.add(error.advice)
      const { message: cause, advice } = error
      log.error({ cause, advice }, 'the database does not serve: requests are answered with 503')
    },
    async problem(database, now) {
      probing ??= write(database, now).finally(() => {
        probing = undefined
      })
      const problem = await within(limits.readinessWait.max, probing, 'database too slow')
      return problem ?? (outcomes.mostFailed() ? 'database fails most of the time' : undefined)
    },
  }
}

const write = async (database: Database, now: number): Promise<string | undefined> => {
  try {
    const value = String(now)
    await database.db
      .insertInto('meta')
      .values({ name: ROW, value })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
      .execute()
    await database.durable()
    return undefined
  } catch {
    return 'database unavailable'
  }
}

type Outcome = 'worked' | 'failed'

/** Counts outcomes by periods. */
function countOutcomes(monotonic: () => number) {
  const none = { worked: 0, failed: 0 }
  let before = { ...none }
  let current = { ...none }
  let startedAt = monotonic()
  const turn = (): void => {
    const periods = Math.floor((monotonic() - startedAt) / PERIOD_MS)
    if (periods === 0) return
    before = periods === 1 ? current : { ...none }
    current = { ...none }
    startedAt += periods * PERIOD_MS
  }
  const sum = (outcome: Outcome): number => {
    turn()
    return before[outcome] + current[outcome]
  }
  return {
    count(outcome: Outcome): void {
      turn()
      current[outcome]++
    },
    failed: () => sum('failed'),
    mostFailed: () => sum('failed') > sum('worked'),
  }
}
