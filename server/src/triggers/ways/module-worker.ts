// Entry of a worker thread that runs one module of TRIGGERS_FILE: one event after the other, each answered by what the
// handler came to. A module that cannot be loaded answers every event with that.
import { pathToFileURL } from 'node:url'
import { inspect } from 'node:util'
import { parentPort, workerData } from 'node:worker_threads'
import type { ModuleData, ModuleRequest } from './module.ts'
import { type HandlerOutcome, runHandler, type TriggerHandler } from './run-handler.ts'

if (!parentPort) throw new Error('module-worker.ts runs in a worker thread')
const port = parentPort
const { file, handler: name } = workerData as ModuleData

type Loading = { handler: TriggerHandler } | { thrown: string }
type Exports = Readonly<Record<string, unknown>>

const loading: Promise<Loading> = import(pathToFileURL(file).href).then(
  (module: Exports) => {
    // A CommonJS module's `exports` are the default export.
    const handler = module[name] ?? (Object(module['default']) as Exports)[name]
    return typeof handler === 'function'
      ? { handler: handler as TriggerHandler }
      : { thrown: `Runtime.HandlerNotFound: the module exports no function ${name}` }
  },
  (error) => {
    // For the operator: what a function throws is told to users, and this names files.
    process.stderr.write(`${inspect(error)}\n`)
    return { thrown: 'Runtime.ImportModuleError: the module cannot be loaded' }
  },
)

port.on('message', async (request: ModuleRequest) => {
  const loaded = await loading
  const outcome: HandlerOutcome = 'thrown' in loaded ? loaded : await runHandler(loaded.handler, request)
  port.postMessage(outcome)
})
