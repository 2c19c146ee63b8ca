// Worker threads that run jobs: started when first needed, restarted when they die, never keeping an idle process alive.
// Owns the threads and the messages; `work-pool.ts` decides which job runs when.
import { Worker } from 'node:worker_threads'
import type { ThreadJobs } from './jobs.ts'
import { type JobAnswer, type JobRequest, withOwnBytes } from './worker-messages.ts'

export interface WorkerThreads {
  /**
   * Runs a job on the thread with the fewest jobs. Rejects with the job's own error, or with an Error when its thread
   * died.
   */
  run(job: keyof ThreadJobs, input: unknown): Promise<unknown>
  /** Threads alive. */
  alive(): number
  /** Ends the threads; jobs still running are rejected. */
  close(): Promise<void>
}

interface Thread {
  worker: Worker
  /** Jobs by id, in the order in which they were sent and run. */
  jobs: Map<number, Job>
}

interface Job {
  request: JobRequest
  resolve(output: unknown): void
  reject(error: unknown): void
}

// Compiled files stand beside a compiled worker; TypeScript sources need an entry that Node can load.
const defaultEntry = new URL(
  import.meta.url.endsWith('.ts') ? './worker-from-source.mjs' : './worker.js',
  import.meta.url,
)

/** Up to `count` threads running the module `entry` (replaced in tests). */
export function createWorkerThreads(count: number, entry: URL = defaultEntry): WorkerThreads {
  const threads = new Set<Thread>()
  let lastId = 0

  function start(): Thread {
    // Without the environment and flags of the process: jobs need no configuration, and the environment has the master
    // key.
    const thread: Thread = { worker: new Worker(entry, { env: {}, execArgv: [] }), jobs: new Map() }
    threads.add(thread)
    let cause: unknown
    thread.worker.on('message', (answer: JobAnswer) => settle(thread, answer))
    thread.worker.on('error', (error) => {
      cause = error
    })
    thread.worker.on('exit', (code) =>
      handleExit(thread, new Error(`a worker thread ended (exit code ${code})`, { cause })),
    )
    // unref comes last, because listening for messages would keep the process alive again.
    thread.worker.unref()
    return thread
  }

  function settle(thread: Thread, answer: JobAnswer): void {
    const job = thread.jobs.get(answer.id)
    if (!job) return
    thread.jobs.delete(answer.id)
    if (thread.jobs.size === 0) thread.worker.unref()
    if ('error' in answer) job.reject(answer.error)
    else job.resolve(answer.output)
  }

  /**
   * Rejects the job that was running when the thread died, as it may be the reason, and sends the others to other
   * threads.
   */
  function handleExit(thread: Thread, error: Error): void {
    threads.delete(thread)
    const [running, ...waiting] = thread.jobs.values()
    running?.reject(error)
    for (const job of waiting) send(job)
  }

  function send(job: Job): void {
    const thread = leastBusy()
    try {
      thread.worker.postMessage(job.request)
    } catch (error) {
      job.reject(error)
      return
    }
    if (thread.jobs.size === 0) thread.worker.ref()
    thread.jobs.set(job.request.id, job)
  }

  function leastBusy(): Thread {
    let best: Thread | undefined
    for (const thread of threads) if (!best || thread.jobs.size < best.jobs.size) best = thread
    return !best || (best.jobs.size > 0 && threads.size < count) ? start() : best
  }

  return {
    run: (job, input) =>
      new Promise((resolve, reject) =>
        send({ request: { id: ++lastId, job, input: withOwnBytes(input) }, resolve, reject }),
      ),
    alive: () => threads.size,
    close: async () => {
      const closing = [...threads]
      for (const { jobs } of closing) {
        for (const job of jobs.values()) job.reject(new Error('the work pool is closed'))
        jobs.clear()
      }
      await Promise.all(closing.map(({ worker }) => worker.terminate()))
    },
  }
}
