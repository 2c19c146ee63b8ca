// Records of one request, kept until what the request wrote is durable and it is answered.
import type { SinkRecord } from './batch.ts'
import type { Sinks } from './sinks.ts'

export interface HeldRecords {
  /** The sinks as the request has them: what it adds is held. */
  readonly sinks: Sinks
  /** Adds what is held, in order. */
  release(): void
  /** Runs the request; one that is refused has nothing to wait for, so that what it held is added at once. */
  during<T>(run: () => T | Promise<T>): T | Promise<T>
}

/** Where there is no place at all, a request holds nothing: the same for every request. */
export const holdNothing = (sinks: Sinks): HeldRecords => ({ sinks, release: () => undefined, during: (run) => run() })

/** Of records about the same thing (`about`) for one sink the last takes the place of the first. */
export function holdRecords(sinks: Sinks): HeldRecords {
  const { knows, add } = sinks
  const held: { name: string; record: SinkRecord }[] = []
  function release(): void {
    for (const { name, record } of held.splice(0)) add(name, record)
  }
  function hold(name: string, record: SinkRecord): void {
    if (!knows(name)) return
    const { about } = record
    const same = about === undefined ? undefined : held.find((one) => one.name === name && one.record.about === about)
    if (same) same.record = record
    else held.push({ name, record })
  }
  return {
    sinks: { ...sinks, add: hold },
    release,
    async during(run) {
      try {
        return await run()
      } catch (error) {
        release()
        throw error
      }
    },
  }
}
