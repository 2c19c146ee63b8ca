// Runs the expensive jobs of `jobs.ts` off the event loop. Two lanes, each with a queue of its own, so that a flood of
// password checks does not delay token signatures: modular exponentiations run in worker threads, signatures in libuv's
// thread pool. Checks of imported hashes take so long that a third lane sends each thread one at a time, so that passwords
// of everybody else are checked between them. The queues have no bound of their own: a call is admitted as a whole before it starts a job
// (api/costly-calls.ts). Not here: the queues (admission.ts) and the threads (worker-threads.ts).
import { availableParallelism } from 'node:os'
import { type Admission, type AdmissionStats, createAdmission } from './admission.ts'
import { type JobInput, type JobName, type JobOutput, type ThreadJobs, threadPoolJobs } from './jobs.ts'
import { limits } from './limits.ts'
import { createWorkerThreads } from './worker-threads.ts'

export interface WorkPoolOptions {
  /** Worker threads; by default one for every core but one, at least 1, at most 4. */
  workers?: number | undefined
  /** Jobs sent to a worker at once, 16 by default. */
  sentToAWorker?: number | undefined
  /** The module that a worker thread runs; replaced in tests. */
  workerEntry?: URL | undefined
}

export interface WorkPool {
  /** Runs a job. Rejects with the job's error when it throws, and with an Error when its thread dies. */
  run<J extends JobName>(job: J, input: JobInput<J>): Promise<JobOutput<J>>
  stats(): { threads: AdmissionStats & { alive: number }; signatures: AdmissionStats }
  /** Refuses new and waiting jobs, waits for running ones, ends the threads. */
  close(): Promise<void>
}

// Several jobs are sent to a worker ahead, so that it does not idle until the event loop has read an answer and sent
// the next job. With an idle event loop two are enough: with one at a time srpVerifier (610 µs of arithmetic) costs 68
// µs CPU on top, with two 54, and 28 instead of 36 when others follow; more gain nothing. An event loop in a flood
// reads hundreds of requests in each turn, which takes 100 ms: with two jobs a turn the worker idled, and throughput
// fell from 1,000 answers a second to 130 (760 clients, one worker). With sixteen (10 ms of work) it stays at 1,000; 10
// ms is then how long a job may wait for the jobs sent before it. Messages of several jobs, transferred buffers and
// text instead of bytes made no difference.
const jobsSentToAWorker = 16

// The same for signatures: libuv's threads take the next one without the event loop, but it is the event loop that sends
// more when some are done. With two at once an event loop whose turns take 10 ms had exactly two for each turn (74 a second
// on a busy machine, with sixteen 163; with turns of 50 ms 30 and 191). Names that are looked up and files that are flushed
// share the threads: they wait for what was sent before, 1 ms on four cores and 5 ms on one.
const signaturesSent = 16

/** A work pool with no thread started yet: the first job of a lane starts its thread (about 40 ms). */
export function createWorkPool(options: WorkPoolOptions = {}): WorkPool {
  const { workers = defaultWorkers(), sentToAWorker = jobsSentToAWorker } = options
  const threads = createWorkerThreads(workers, options.workerEntry)
  const threadLane = createAdmission({ slots: workers * sentToAWorker })
  const signatureLane = createAdmission({ slots: signaturesSent })
  const importedHashLane = createAdmission({ slots: workers * limits.importedHashChecks.max })

  return {
    run(job, input) {
      const [lane, task] = plan(job, input)
      return lane.run(task) as Promise<JobOutput<typeof job>>
    },
    stats: () => ({ threads: { ...threadLane.stats(), alive: threads.alive() }, signatures: signatureLane.stats() }),
    async close() {
      await Promise.all([threadLane.close(), signatureLane.close(), importedHashLane.close()])
      await threads.close()
    },
  }

  function plan<J extends JobName>(job: J, input: JobInput<J>): [Admission, () => Promise<unknown>] {
    if (isSignature(job)) return [signatureLane, () => threadPoolJobs[job](input as JobInput<'signRs256'>)]
    const lane = job === 'importedHashMatches' ? importedHashLane : threadLane
    return [lane, () => threads.run(job as keyof ThreadJobs, input)]
  }
}

const isSignature = (job: JobName): job is keyof typeof threadPoolJobs => Object.hasOwn(threadPoolJobs, job)

/**
 * One core is left to the event loop. Measured on 2 cores, password checks with 300 µs of other work each: one worker does
 * 940 a second and the loop answers within 0.65 ms (99th percentile); two do 1,190, within 4.2 ms; three 1,110, within 10 ms.
 * With 600 µs of other work the 99th percentile goes from 1.5 ms to 56 ms. More than four threads only by
 * configuration.
 */
function defaultWorkers(): number {
  return Math.max(1, Math.min(4, availableParallelism() - 1))
}
