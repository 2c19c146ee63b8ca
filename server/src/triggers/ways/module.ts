// A JavaScript module of the operator's, run in worker threads: one event at a time in each, with limits of time and memory.
// A thread that exceeds one, or dies, is replaced. In development a module is loaded anew when its file changes.
import { stat } from 'node:fs/promises'
import { Worker } from 'node:worker_threads'
import type { ModulePlace } from '../../config/trigger-places.ts'
import { type Admission, createAdmission } from '../../crypto/admission.ts'
import type { FunctionAnswer } from '../../effects/effects.ts'
import { limits } from '../limits.ts'
import type { FunctionCall } from '../ways.ts'
import { answerOf } from './handler.ts'
import { TIMED_OUT } from './post.ts'
import type { HandlerOutcome } from './run-handler.ts'

export interface ModuleParts {
  /** Whether a changed file is loaded anew. */
  readonly reload: boolean
}

export interface Modules {
  run(place: ModulePlace, call: FunctionCall): Promise<FunctionAnswer>
  close(): Promise<void>
}

/** Threads of one module, and how its file was when they were started. */
interface Loaded {
  readonly place: ModulePlace
  readonly admission: Admission
  idle: Worker[]
  version: string
}

/** What a thread is started with and asked. */
export interface ModuleData {
  readonly file: string
  readonly handler: string
}
export interface ModuleRequest {
  readonly event: string
  readonly arn: string
  readonly id: string
  readonly timeMs: number
}

// Compiled files stand beside a compiled worker; TypeScript sources need an entry that Node can load.
const entry = new URL(
  import.meta.url.endsWith('.ts') ? './module-worker-from-source.mjs' : './module-worker.js',
  import.meta.url,
)

export function createModules({ reload }: ModuleParts): Modules {
  const modules = new Map<ModulePlace, Loaded>()
  const threads = new Set<Worker>()
  let closed = false

  function start({ file, handler, memoryMb, environment }: ModulePlace): Worker {
    // With neither the environment nor the flags of the process: the environment has the master key.
    const workerData: ModuleData = { file, handler }
    const resourceLimits = { maxOldGenerationSizeMb: memoryMb, maxYoungGenerationSizeMb: Math.ceil(memoryMb / 4) }
    const worker = new Worker(entry, {
      workerData,
      env: { ...environment },
      execArgv: [],
      resourceLimits,
      stdout: true,
      stderr: true,
    })
    // What a module prints is no line of the server's log.
    for (const output of [worker.stdout, worker.stderr]) output.pipe(process.stderr, { end: false })
    threads.add(worker)
    worker.once('exit', () => threads.delete(worker))
    // An error ends the thread: whoever waits for it hears of that, and without a listener it would end the process.
    worker.on('error', () => undefined)
    return worker
  }

  async function loaded(place: ModulePlace): Promise<Loaded> {
    const known = modules.get(place)
    const version = reload || !known ? await versionOf(place.file) : known.version
    const module = modules.get(place) ?? {
      place,
      admission: createAdmission({ slots: limits.moduleThreads.max, maxWaitMs: limits.answerTime.max }),
      idle: [],
      version,
    }
    modules.set(place, module)
    if (module.version !== version) {
      for (const worker of module.idle.splice(0)) void worker.terminate()
      module.version = version
    }
    return module
  }

  async function runOn(module: Loaded, { event, arn, id, maxAnswer }: FunctionCall): Promise<FunctionAnswer> {
    if (closed) return { outcome: 'failed', reason: 'closed' }
    const { version } = module
    const worker = module.idle.pop() ?? start(module.place)
    const request: ModuleRequest = { event, arn, id, timeMs: limits.answerTime.max }
    const outcome = await ask(worker, request)
    const spent = typeof outcome === 'string'
    if (spent || version !== module.version || closed) await worker.terminate()
    else {
      worker.unref()
      module.idle.push(worker)
    }
    if (outcome === TIMED_OUT) return { outcome: 'failed', reason: TIMED_OUT }
    return typeof outcome === 'string' ? { outcome: 'threw', message: outcome } : answerOf(outcome, maxAnswer)
  }

  return {
    async run(place, call) {
      const module = await loaded(place)
      return module.admission.run(() => runOn(module, call))
    },
    async close() {
      closed = true
      await Promise.all([...threads].map((worker) => worker.terminate()))
    },
  }
}

/** Changes whenever the file is written. */
async function versionOf(file: string): Promise<string> {
  const found = await stat(file).catch(() => undefined)
  return found ? `${found.mtimeMs} ${found.size}` : 'missing'
}

/** What the handler came to, or why the thread came to an end before it did, as Lambda words it. */
function ask(worker: Worker, request: ModuleRequest): Promise<HandlerOutcome | string> {
  return new Promise((resolve) => {
    let why: string | undefined
    const end = (outcome: HandlerOutcome | string): void => {
      clearTimeout(limit)
      worker.off('message', end)
      worker.off('error', onError)
      worker.off('exit', onExit)
      resolve(outcome)
    }
    const onError = (error: Error & { code?: string }): void => {
      why = error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? OUT_OF_MEMORY : error.message
    }
    const onExit = (code: number): void => end(why ?? `Runtime exited with error: exit status ${code}`)
    const limit = setTimeout(() => end(TIMED_OUT), request.timeMs)
    worker.on('message', end)
    worker.on('error', onError)
    worker.on('exit', onExit)
    worker.ref()
    worker.postMessage(request)
  })
}

const OUT_OF_MEMORY = 'Runtime exited with error: out of memory'
