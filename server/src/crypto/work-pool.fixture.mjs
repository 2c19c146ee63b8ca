// A worker for tests of the pool, in place of worker.ts: `input.does` names what the job or the thread does.
import { parentPort, threadId } from 'node:worker_threads'

const acts = {
  echo: (input) => input,
  thread: () => threadId,
  sleep: ({ ms }) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms),
  nap: ({ ms }) => {
    acts.sleep({ ms })
    return threadId
  },
  environment: () => [Object.keys(process.env).length, process.execArgv.length],
  slab: ({ bytes }) => bytes.buffer.byteLength,
  throw: () => {
    throw new RangeError('the job threw')
  },
  exit: () => process.exit(7),
  crash: () => {
    setImmediate(() => {
      throw new Error('the thread crashed')
    })
    return new Promise(() => {})
  },
}

parentPort.on('message', ({ id, input }) => {
  try {
    const output = acts[input.does](input)
    if (!(output instanceof Promise)) parentPort.postMessage({ id, output })
  } catch (error) {
    parentPort.postMessage({ id, error })
  }
})
