// Background tasks on state in the memory of this process: a table of tasks, each repeated until the server stops. Work
// that any process can do is a job in the database instead (queues.ts).
import { setTimeout } from 'node:timers/promises'
import type { Context } from './context.ts'
import { DatabaseAway } from './database/database.ts'

interface Task {
  name: string
  everyMs: number
  run: (context: Context, stopped: () => boolean) => Promise<void>
}

const tasks: readonly Task[] = [
  {
    name: 'make signing keys ahead',
    everyMs: 1_000,
    run: (context, stopped) => context.keyPreparation.makeKeys(stopped),
  },
  { name: 'write last uses', everyMs: 60_000, run: (context) => context.lastUsed.flush() },
  { name: 'read changed files of addresses', everyMs: 2_000, run: (context) => context.addresses.refresh() },
  { name: 'look at datasets that are listened to', everyMs: 500, run: (context) => context.pokes.poll() },
  { name: 'keep event streams alive', everyMs: 1_000, run: async (context) => context.eventStreams.beat() },
  { name: 'bring records to sinks', everyMs: 1_000, run: async (context) => void context.sinks.send() },
  { name: 'write user counts', everyMs: 1_000, run: (context) => context.userCounts.flush() },
  { name: 'write use of datasets', everyMs: 1_000, run: (context) => context.datasetUsage.flush() },
]

/** Starts the tasks. The returned function stops them and resolves when none is running. */
export function startBackground(context: Context): () => Promise<void> {
  const stopping = new AbortController()
  const { signal } = stopping
  const loops = tasks.map(async (task) => {
    while (await pause(task.everyMs, signal)) {
      try {
        await task.run(context, () => signal.aborted)
      } catch (err) {
        // The absence of the database has its own line of the log.
        if (!signal.aborted && !(err instanceof DatabaseAway))
          context.log.error({ err, task: task.name }, 'background task failed')
      }
    }
  })
  return async () => {
    stopping.abort()
    await Promise.all(loops)
  }
}

/** Resolves with true after the pause, with false when stopped. Its timer does not keep the process alive. */
const pause = (ms: number, signal: AbortSignal): Promise<boolean> =>
  setTimeout(ms, true, { signal, ref: false }).catch(() => false)
