// Entry of a worker thread: runs the jobs of `threadJobs`, those that are synchronous one after the other. An exception of
// a job fails only that job.
import { parentPort } from 'node:worker_threads'
import { threadJobs } from './jobs.ts'
import { type JobAnswer, type JobRequest, withOwnBytes } from './worker-messages.ts'

if (!parentPort) throw new Error('worker.ts runs in a worker thread')
const port = parentPort

port.on('message', (request: JobRequest) => {
  const answer = (rest: Omit<JobAnswer, 'id'>): void => port.postMessage({ id: request.id, ...rest })
  try {
    const job = threadJobs[request.job] as (input: unknown) => unknown
    const output = job(request.input)
    if (!(output instanceof Promise)) return answer({ output: withOwnBytes(output) })
    output.then(
      (value) => answer({ output: withOwnBytes(value) }),
      (error) => answer({ error }),
    )
  } catch (error) {
    answer({ error })
  }
})
