// Where the function of each trigger is: the file that TRIGGERS_FILE names, a JSON object from the ARN that a user pool
// names (LambdaConfig), or a pattern of ARNs with `*`, to a place. docs/triggers.md.
import { limits } from './limits.ts'
import {
  ARNS,
  isObject,
  isUrl,
  type Places,
  type PlaceWays,
  readPlaceFile,
  type WebhookPlace,
  webhookWay,
} from './places.ts'

/** The Lambda Invoke API; `functionName` where it is not the one in the ARN, such as `function` of the emulator. */
export interface LambdaPlace {
  way: 'lambda'
  endpoint: string
  functionName: string | undefined
}

/** A JavaScript module, run in a worker thread. */
export interface ModulePlace {
  way: 'module'
  /** An absolute path. */
  file: string
  /** The name of the exported function. */
  handler: string
  memoryMb: number
  /** All that the module finds in process.env. */
  environment: Readonly<Record<string, string>>
}

export type TriggerPlace = LambdaPlace | WebhookPlace | ModulePlace

export type TriggerPlaces = Places<TriggerPlace>

interface Given {
  /** TRIGGER_WEBHOOK_KEY. */
  webhookKey: string | undefined
  /** The absolute path of one that the file names. */
  pathOf: (path: string) => string
}

const ways: PlaceWays<TriggerPlace, Given> = {
  lambda: {
    members: ['lambda', 'function'],
    read: ({ lambda, function: name }) => {
      if (!isUrl(lambda)) return { problem: 'lambda must be the http or https URL of a Lambda API.' }
      if (name !== undefined && !(typeof name === 'string' && /^[\w:-]{1,170}$/.test(name)))
        return { problem: 'function must be the name or ARN of a function.' }
      return { way: 'lambda', endpoint: lambda, functionName: name }
    },
  },
  webhook: webhookWay,
  module: {
    members: ['module', 'handler', 'memoryMb', 'environment'],
    read: ({ module, handler = 'handler', memoryMb = 128, environment = {} }, { pathOf }) => {
      if (typeof module !== 'string' || module === '') return { problem: 'module must be the path of a file.' }
      if (typeof handler !== 'string' || handler === '') return { problem: 'handler must be the name of an export.' }
      if (
        !(Number.isInteger(memoryMb) && (memoryMb as number) >= 16 && (memoryMb as number) <= limits.moduleMemory.max)
      )
        return { problem: `memoryMb must be a whole number from 16 to ${limits.moduleMemory.max}.` }
      if (!isTexts(environment)) return { problem: 'environment must be an object of texts.' }
      return { way: 'module', file: pathOf(module), handler, memoryMb: memoryMb as number, environment }
    },
  },
}

/** The places in the text of a file. Throws Error with every problem. */
export const readPlaces = (text: string, given: Given): TriggerPlaces =>
  readPlaceFile(text, { ways, keys: ARNS, keyed: 'ARNs', none: 'one of lambda, webhook and module' }, given)

const isTexts = (value: unknown): value is Readonly<Record<string, string>> =>
  isObject(value) && Object.values(value).every((text) => typeof text === 'string')
