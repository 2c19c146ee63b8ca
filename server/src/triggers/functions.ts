// Calls functions wherever they are (ways.ts): bounded calls under way and waiting for each function, several tries when
// there is no answer, and a breaker, so that a slow or dead function holds up nobody but those who need it
// (docs/reference/user-pools.md 13.1; docs/reference/threats.md 37).
import { setMaxListeners } from 'node:events'
import { placeOf } from '../config/places.ts'
import type { TriggerPlaces } from '../config/trigger-places.ts'
import { type Admission, createAdmission, WorkRefused } from '../crypto/admission.ts'
import type { Clock, FunctionAnswer, Functions } from '../effects/effects.ts'
import { type EventParts, functionAway, functionBack } from '../events.ts'
import { after, type Breaker, closed, isAway, permission, probing } from './breaker-rules.ts'
import { limits } from './limits.ts'
import type { TriggerHandlers } from './ways/handler.ts'
import { openWays, type WayParts } from './ways.ts'

export interface FunctionParts extends Omit<WayParts, 'closed'>, EventParts {
  readonly places: TriggerPlaces
  /** Functions of this process by ARN or pattern; they come before `places`. */
  readonly handlers: TriggerHandlers
  readonly clock: Clock
}

interface FunctionState {
  readonly admission: Admission
  breaker: Breaker
}

const failed = (reason: string): FunctionAnswer => ({ outcome: 'failed', reason })

/** See Functions. `close` ends the calls under way and the threads of modules. */
export function createFunctions(parts: FunctionParts): Functions & { close(): Promise<void> } {
  const { clock } = parts
  const closing = new AbortController()
  // Each call under way listens to it.
  setMaxListeners(0, closing.signal)
  const ways = openWays({ ...parts, closed: closing.signal })
  // Those that are called now or did not answer: others are as if they had never been called.
  const states = new Map<string, FunctionState>()

  function stateOf(arn: string): FunctionState {
    const known = states.get(arn)
    if (known) return known
    const { callsAtOnce, callsQueued, callsQueuedFor } = limits
    const state = {
      admission: createAdmission({ slots: callsAtOnce.max, maxQueued: callsQueued.max, maxWaitMs: callsQueuedFor.max }),
      breaker: closed,
    }
    states.set(arn, state)
    return state
  }

  function forgetIdle(arn: string, { admission, breaker }: FunctionState): void {
    const { running, waiting } = admission.stats()
    if (running === 0 && waiting === 0 && breaker.failures === 0) states.delete(arn)
  }

  /** One try, whose outcome the breaker follows. */
  async function tryOnce(
    arn: string,
    state: FunctionState,
    ask: () => Promise<FunctionAnswer>,
  ): Promise<FunctionAnswer> {
    let answer: FunctionAnswer
    try {
      answer = await ask()
    } catch (error) {
      // It was not asked after all: this decides nothing.
      state.breaker = { ...state.breaker, probing: false }
      throw error
    }
    // What ends because the server stops says nothing of the function.
    if (closing.signal.aborted) return answer
    const before = state.breaker
    state.breaker = after(before, !isAway(answer), clock.now())
    if (before.openUntil === 0 && state.breaker.openUntil !== 0 && answer.outcome === 'failed')
      functionAway(parts, { arn, reason: answer.reason })
    if (before.openUntil !== 0 && state.breaker.openUntil === 0) functionBack(parts, { arn })
    return answer
  }

  async function tries(
    arn: string,
    state: FunctionState,
    ask: () => Promise<FunctionAnswer>,
    most: number = limits.tries.max,
  ): Promise<FunctionAnswer> {
    for (let tried = 1; ; tried++) {
      const may = permission(state.breaker, clock.now())
      if (may === 'wait') return failed(AWAY)
      if (may === 'probe') {
        state.breaker = probing(state.breaker)
        return tryOnce(arn, state, ask)
      }
      const answer = await tryOnce(arn, state, ask)
      const again = answer.outcome === 'failed' && isPassing(answer) && tried < most
      if (!again || state.breaker.openUntil !== 0 || closing.signal.aborted) return answer
    }
  }

  return {
    async invoke(arn, event, options) {
      const ask = ways(arn, placeOf(parts.places, arn), { arn, event, ...options })
      if (!ask) return failed(UNKNOWN)
      const state = stateOf(arn)
      // Who would only wait for a refusal is refused at once.
      if (permission(state.breaker, clock.now()) === 'wait') return failed(AWAY)
      try {
        return await state.admission.run(() => tries(arn, state, ask, options.tries))
      } catch (error) {
        if (error instanceof WorkRefused) return failed(BUSY)
        throw error
      } finally {
        forgetIdle(arn, state)
      }
    },
    async close() {
      closing.abort()
      await ways.close()
    },
  }
}

/** No place is known for the ARN. */
export const UNKNOWN = 'ResourceNotFoundException'
/** Too many calls of the function are under way. */
export const BUSY = 'TooManyRequestsException'
/** It has not answered for a while, and is not asked now. */
export const AWAY = 'FunctionUnavailable'

/** Failures after which another try may help: not redirects, and not those of names, rights and requests. */
const isPassing = ({ status = 500 }: { status?: number }): boolean => status >= 500 || status === 408 || status === 429
