// Runs the expensive jobs of `jobs.ts` off the event loop, within limits. Two lanes with a queue each, so that a flood of
// password checks does not hold up token signatures: modular exponentiations in worker threads, signatures in libuv's pool.
import { availableParallelism } from 'node:os'
import { type Admission, type AdmissionStats, createAdmission } from './admission.ts'
import { type JobInput, type JobName, type JobOutput, type ThreadJobs, threadPoolJobs } from './jobs.ts'
import { createWorkerThreads } from './worker-threads.ts'

export { WorkRefused } from './admission.ts'

export interface WorkPoolOptions {
  /** Worker threads. */
  workers?: number | undefined
  /** Jobs that may wait in a lane, 64 by default: 80 ms of password checks for one worker. */
  maxQueued?: number | undefined
  /** Milliseconds a job may wait, 500 by default. */
  maxWaitMs?: number | undefined
  /** The worker's module; tests put their own there. */
  workerEntry?: URL | undefined
}

export interface WorkPool {
  /**
   * Runs a job. Rejects with WorkRefused (see `admission.ts`) when the lane is full, with the job's error when it throws, and
   * with an Error when its thread dies. `continuing: true` marks the later steps of an operation that was already admitted
   * (the signatures after a password check): they are never refused and go first.
   */
  run<J extends JobName>(job: J, input: JobInput<J>, options?: { continuing?: boolean }): Promise<JobOutput<J>>
  stats(): { threads: AdmissionStats & { alive: number }; signatures: AdmissionStats }
  /** Refuses new work, lets running jobs end, ends the threads. */
  close(): Promise<void>
}

// A second job is sent to a busy worker so that it need not wait for an answer to travel before it goes on.
const jobsSentToAWorker = 2

/** A work pool with no thread started yet: the first job of a lane starts its thread (about 40 ms). */
export function createWorkPool(options: WorkPoolOptions = {}): WorkPool {
  const { workers = defaultWorkers(), maxQueued = 64, maxWaitMs = 500 } = options
  const threads = createWorkerThreads(workers, options.workerEntry)
  const threadLane = createAdmission({ slots: workers * jobsSentToAWorker, maxQueued, maxWaitMs })
  const signatureLane = createAdmission({ slots: defaultSignatures(), maxQueued, maxWaitMs })

  return {
    run(job, input, { continuing = false } = {}) {
      const [lane, task] = plan(job, input)
      return lane.run(task, continuing) as Promise<JobOutput<typeof job>>
    },
    stats: () => ({ threads: { ...threadLane.stats(), alive: threads.alive() }, signatures: signatureLane.stats() }),
    async close() {
      await Promise.all([threadLane.close(), signatureLane.close()])
      await threads.close()
    },
  }

  function plan<J extends JobName>(job: J, input: JobInput<J>): [Admission, () => Promise<unknown>] {
    if (job === 'signRs256') return [signatureLane, () => threadPoolJobs.signRs256(input as JobInput<'signRs256'>)]
    return [threadLane, () => threads.run(job as keyof ThreadJobs, input)]
  }
}

function defaultWorkers(): number {
  return Math.max(1, Math.min(4, availableParallelism() - 1))
}

function defaultSignatures(): number {
  return Math.max(1, Math.min(3, availableParallelism()))
}
