// Entry of a worker thread: runs the jobs of `threadJobs` one after the other. An exception of a job fails only that
// job.
import { parentPort } from 'node:worker_threads'
import { threadJobs } from './jobs.ts'
import { type JobAnswer, type JobRequest, withOwnBytes } from './worker-messages.ts'

if (!parentPort) throw new Error('worker.ts runs in a worker thread')
const port = parentPort

port.on('message', (request: JobRequest) => {
  let answer: JobAnswer
  try {
    const job = threadJobs[request.job] as (input: unknown) => unknown
    answer = { id: request.id, output: withOwnBytes(job(request.input)) }
  } catch (error) {
    answer = { id: request.id, error }
  }
  port.postMessage(answer)
})
