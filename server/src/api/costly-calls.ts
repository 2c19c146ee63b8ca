// Admission of calls that need costly work: exponentiations, signatures. A call is admitted once, as a whole, before its
// input is read, and keeps its slot until its answer is ready, so that work which was begun is also finished
// (docs/reference/threats.md 49: goodput stays). Which operations are costly, their services say.
//
// Refusals are paced: clients that send their next call as soon as they have an answer would otherwise spend the server
// on refusals.
import { AsyncLocalStorage } from 'node:async_hooks'
import { setMaxListeners } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import type { Aside } from '../context.ts'
import { type Admission, createAdmission, WorkRefused } from '../crypto/admission.ts'
import type { WorkPool } from '../crypto/work-pool.ts'
import { limits } from './limits.ts'

export interface CostlyCalls {
  /**
   * Runs a call when a slot is free. Rejects with WorkRefused, later, when too many wait or when it waited too long. The
   * call gets its `aside`.
   */
  run<T>(call: (aside: Aside) => Promise<T>): Promise<T>
  /** Refusals that wait to be sent are sent now, and later ones at once: the server stops. */
  stop(): void
}

const SECOND_MS = 1000

export interface CostlyBounds {
  readonly slots: number
  readonly maxQueued: number
  readonly maxWaitMs: number
}

/** See `CostlyCalls`. `bounds` are replaced in tests. */
export function createCostlyCalls(bounds: Partial<CostlyBounds> = {}): CostlyCalls {
  const admission = createAdmission({
    slots: limits.costlyCalls.max,
    maxQueued: limits.costlyCallsQueued.max,
    maxWaitMs: limits.costlyCallsQueuedFor.max,
    ...bounds,
  })
  const stopping = new AbortController()
  // Each refusal that waits listens to it.
  setMaxListeners(0, stopping.signal)
  let lastRefusal = 0
  /** Resolves when a refusal may be sent. */
  async function pause(): Promise<void> {
    const now = performance.now()
    lastRefusal = nextRefusal(lastRefusal, now)
    await setTimeout(lastRefusal - now, undefined, { ref: false, signal: stopping.signal }).catch(() => undefined)
  }
  return {
    async run(call) {
      try {
        return await admission.run(() => call(asideOf(admission)))
      } catch (error) {
        if (error instanceof WorkRefused) await pause()
        throw error
      }
    },
    stop: () => stopping.abort(),
  }
}

/** The `aside` of one call, which may wait for several things at once: its slot is free as long as it waits for any. */
function asideOf(admission: Admission): Aside {
  let waits = 0
  let end = (): void => undefined
  let back: Promise<void> | undefined
  return async (work) => {
    if (waits++ === 0) {
      const ended = new Promise<void>((resolve) => {
        end = resolve
      })
      // After the slot of an earlier wait is back.
      back = Promise.resolve(back).then(() => admission.aside(() => ended))
    }
    const slot = back
    try {
      return await work()
    } finally {
      if (--waits === 0) end()
      await slot
    }
  }
}

/** When a refusal is sent, after the one before it: at most so many a second, and none later than the limit. */
export const nextRefusal = (last: number, now: number): number =>
  Math.min(Math.max(now, last) + SECOND_MS / limits.overloadRefusals.max, now + limits.overloadRefusalDelay.max)

const admitted = new AsyncLocalStorage<true>()

/** For tests: the same parts, where costly work throws in a call that was not admitted as costly. */
export function guardCostlyWork({ work, costlyCalls }: CostlyParts): CostlyParts {
  return {
    costlyCalls: { ...costlyCalls, run: (call) => costlyCalls.run((aside) => admitted.run(true, () => call(aside))) },
    work: {
      ...work,
      run: (job, input) => {
        if (!admitted.getStore())
          throw new Error(`${job} in a call that was not admitted as costly: name its operation in its service.ts.`)
        return work.run(job, input)
      },
    },
  }
}

export interface CostlyParts {
  readonly work: WorkPool
  readonly costlyCalls: CostlyCalls
}
