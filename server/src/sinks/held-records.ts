// Records of one request, kept until what the request wrote is durable and it is answered.
import type { SinkRecord } from './batch.ts'
import type { Sinks } from './sinks.ts'

export interface HeldRecords extends Pick<Sinks, 'knows' | 'add'> {
  /** Adds what is held, in order. */
  release(): void
  /** Runs the request; one that is refused has nothing to wait for, so that what it held is added at once. */
  during<T>(run: () => T | Promise<T>): Promise<T>
}

/** Where there is no place at all, a request holds nothing. */
export const holdNothing: HeldRecords = {
  knows: () => false,
  add: () => undefined,
  release: () => undefined,
  during: async (run) => run(),
}

/** Of records about the same thing (`about`) for one sink the last takes the place of the first. */
export function holdRecords({ knows, add }: Pick<Sinks, 'knows' | 'add'>): HeldRecords {
  const held: { name: string; record: SinkRecord }[] = []
  function release(): void {
    for (const { name, record } of held.splice(0)) add(name, record)
  }
  return {
    knows,
    add(name, record) {
      if (!knows(name)) return
      const { about } = record
      const same = about === undefined ? undefined : held.find((one) => one.name === name && one.record.about === about)
      if (same) same.record = record
      else held.push({ name, record })
    },
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
