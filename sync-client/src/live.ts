// When to ask the service: at once when it says that something changed, and otherwise every now and then.
import { isTransient } from './errors.ts'
import type { Poke, Service } from './service.ts'

const FIRST_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 60_000
/** Where the service has no event stream it may have one after an upgrade. */
const NO_STREAM_WAIT_MS = 3_600_000

/** A wait that grows with each failure, and differs between devices so that they do not come back all at once. */
export const backOff = (failures: number, random: () => number, longest = LONGEST_WAIT_MS): number =>
  Math.min(longest, FIRST_WAIT_MS * 2 ** Math.min(failures, 30)) * (0.5 + random() / 2)

export interface Live {
  readonly connected: boolean
  close(): void
}

/** Holds the event stream open. `onChange`: it is connected now, or not any more. */
export function goLive(service: Service, onChange: () => void, onPoke: (poke: Poke) => void): Live {
  const closed = new AbortController()
  let connected = false
  const become = (state: boolean) => {
    if (connected === state || closed.signal.aborted) return
    connected = state
    onChange()
  }
  void (async () => {
    for (let failures = 0; !closed.signal.aborted; failures++) {
      let wait: number | undefined
      try {
        await service.stream(
          closed.signal,
          () => {
            failures = 0
            become(true)
          },
          onPoke,
        )
      } catch (error) {
        if (!isTransient(error)) wait = NO_STREAM_WAIT_MS
      }
      become(false)
      await pause(wait ?? backOff(failures, Math.random), closed.signal)
    }
  })()
  return {
    get connected() {
      return connected
    },
    close: () => closed.abort(),
  }
}

/** Waits, or until `signal`; does not keep a program running. */
const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = later(end, ms)
    signal.addEventListener('abort', end)
  })

/** A timer that does not keep a program in Node.js running. */
export function later(work: () => void, ms: number): ReturnType<typeof setTimeout> {
  const timer = setTimeout(work, ms)
  ;(timer as { unref?: () => void }).unref?.()
  return timer
}

/** Calls `work` whenever the user may want to see what is new: the page is looked at, the network is there again. */
export function whenWanted(work: () => void): () => void {
  const target = globalThis as { addEventListener?: typeof addEventListener } & Partial<Window & typeof globalThis>
  if (!target.addEventListener || !target.removeEventListener) return () => {}
  const look = () => {
    if (target.document?.visibilityState !== 'hidden') work()
  }
  const events = ['online', 'focus', 'pageshow', 'visibilitychange']
  for (const event of events) target.addEventListener(event, look, true)
  return () => {
    for (const event of events) target.removeEventListener?.(event, look, true)
  }
}
