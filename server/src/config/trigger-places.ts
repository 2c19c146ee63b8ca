// Where the function of each trigger is: the file that TRIGGERS_FILE names, a JSON object from the ARN that a user pool
// names (LambdaConfig), or a pattern of ARNs with `*`, to a place. docs/triggers.md.
import { limits } from './limits.ts'

/** The Lambda Invoke API; `functionName` where it is not the one in the ARN, such as `function` of the emulator. */
export interface LambdaPlace {
  way: 'lambda'
  endpoint: string
  functionName: string | undefined
}

/** A URL that takes the event by POST and answers with it, signed with `key`. */
export interface WebhookPlace {
  way: 'webhook'
  url: string
  key: string
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

/** Patterns of ARNs and their places; the first that fits counts, so exact ARNs stand before patterns. */
export type TriggerPlaces = readonly (readonly [pattern: string, place: TriggerPlace])[]

interface Given {
  /** TRIGGER_WEBHOOK_KEY. */
  webhookKey: string | undefined
  /** The absolute path of one that the file names. */
  pathOf: (path: string) => string
}

type Entry = Readonly<Record<string, unknown>>
type Problem = { problem: string }

/** For each way its members in an entry, the one that names it first, and how a place is made of them. */
const ways: Readonly<
  Record<string, { members: readonly string[]; read(entry: Entry, given: Given): TriggerPlace | Problem }>
> = {
  lambda: {
    members: ['lambda', 'function'],
    read: ({ lambda, function: name }) => {
      if (!isUrl(lambda)) return { problem: 'lambda must be the http or https URL of a Lambda API.' }
      if (name !== undefined && !(typeof name === 'string' && /^[\w:-]{1,170}$/.test(name)))
        return { problem: 'function must be the name or ARN of a function.' }
      return { way: 'lambda', endpoint: lambda, functionName: name }
    },
  },
  webhook: {
    members: ['webhook', 'key'],
    read: ({ webhook, key }, { webhookKey }) => {
      if (!isUrl(webhook)) return { problem: 'webhook must be an http or https URL.' }
      const signing = key ?? webhookKey
      if (typeof signing !== 'string' || signing.length < 32)
        return { problem: 'a webhook needs a key of at least 32 characters: key, or the setting TRIGGER_WEBHOOK_KEY.' }
      return { way: 'webhook', url: webhook, key: signing }
    },
  },
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
export function readPlaces(text: string, given: Given): TriggerPlaces {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch (error) {
    throw new Error(`It is not JSON: ${(error as Error).message}`)
  }
  if (!isObject(parsed)) throw new Error('It must hold an object from ARNs to places.')
  const problems: string[] = []
  const places: [string, TriggerPlace][] = []
  for (const [pattern, entry] of Object.entries(parsed)) {
    const place = pattern === '*' || pattern.startsWith('arn:') ? readPlace(entry, given) : NO_ARN
    if ('problem' in place) problems.push(`${pattern}: ${place.problem}`)
    else places.push([pattern, place])
  }
  if (problems.length > 0) throw new Error(problems.join(' '))
  return places.sort(([one], [other]) => Number(one.includes('*')) - Number(other.includes('*')))
}

const NO_ARN: Problem = { problem: 'it is neither an ARN nor a pattern of ARNs.' }

function readPlace(entry: unknown, given: Given): TriggerPlace | Problem {
  if (!isObject(entry)) return { problem: 'it must be an object.' }
  const named = Object.keys(ways).filter((way) => Object.hasOwn(entry, way))
  const way = named.length === 1 ? ways[named[0] as string] : undefined
  if (!way) return { problem: 'it must have one of lambda, webhook and module.' }
  const stray = Object.keys(entry).find((name) => !way.members.includes(name))
  if (stray !== undefined) return { problem: `${stray} is no setting of a ${named[0]}.` }
  return way.read(entry, given)
}

/** The place of the function with an ARN; undefined when no pattern fits. */
export const placeOf = (places: TriggerPlaces, arn: string): TriggerPlace | undefined =>
  places.find(([pattern]) => fits(pattern, arn))?.[1]

const fits = (pattern: string, arn: string): boolean =>
  pattern === arn ||
  (pattern.includes('*') &&
    new RegExp(
      `^${pattern
        .split('*')
        .map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'))
        .join('.*')}$`,
    ).test(arn))

const isObject = (value: unknown): value is Entry =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isTexts = (value: unknown): value is Readonly<Record<string, string>> =>
  isObject(value) && Object.values(value).every((text) => typeof text === 'string')

const isUrl = (value: unknown): value is string =>
  typeof value === 'string' &&
  URL.canParse(value) &&
  ['http:', 'https:'].includes(new URL(value).protocol) &&
  new URL(value).username === ''
