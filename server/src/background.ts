// Work that no request waits for and that rests in this process's memory: a table of tasks, each run again and again until
// the server stops. What any process may do, one at a time, is a job (queues.ts).
import { setTimeout } from 'node:timers/promises'
import type { Context } from './context.ts'

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
  { name: 'write down last uses', everyMs: 60_000, run: (context) => context.lastUsed.flush() },
  { name: 'write down user counts', everyMs: 1_000, run: (context) => context.userCounts.flush() },
]

/** Starts the tasks; the answer stops them and resolves when none is running. */
export function startBackground(context: Context): () => Promise<void> {
  const stopping = new AbortController()
  const { signal } = stopping
  const loops = tasks.map(async (task) => {
    while (await pause(task.everyMs, signal)) {
      try {
        await task.run(context, () => signal.aborted)
      } catch (err) {
        if (!signal.aborted) context.log.error({ err, task: task.name }, 'background task failed')
      }
    }
  })
  return async () => {
    stopping.abort()
    await Promise.all(loops)
  }
}

/** True after the pause, false when stopped. Keeps no process alive. */
const pause = (ms: number, signal: AbortSignal): Promise<boolean> =>
  setTimeout(ms, true, { signal, ref: false }).catch(() => false)
