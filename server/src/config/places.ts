// Files of places: a JSON object from a name, or a pattern of names with `*`, to where what it names is and how it is
// reached, in one of several ways. TRIGGERS_FILE, PUSH_FILE, STREAMS_FILE and SINKS_FILE are such files.

/** Patterns and their places; the first that fits counts, so exact names stand before patterns. */
export type Places<Place> = readonly (readonly [pattern: string, place: Place])[]

/** A place as the file has it. */
export type Entry = Readonly<Record<string, unknown>>
export type Problem = { problem: string }

/** For each way its members in an entry, the one that names it first, and how a place is made of them. */
export type PlaceWays<Place, Given> = Readonly<
  Record<string, { members: readonly string[]; read(entry: Entry, given: Given): Place | Problem }>
>

export interface PlaceFile<Place, Given> {
  readonly ways: PlaceWays<Place, Given>
  /** What is wrong with a key, or undefined. */
  readonly keys: (key: string) => string | undefined
  /** What the keys are, in the plural. */
  readonly keyed: string
  /** Ends "it must have …" where an entry names no way, or several. */
  readonly none: string
}

/** Keys that are ARNs or patterns of ARNs. */
export const ARNS = (key: string): string | undefined =>
  key === '*' || key.startsWith('arn:') ? undefined : 'it is neither an ARN nor a pattern of ARNs.'

/** The places in the text of a file. Throws Error with every problem. */
export function readPlaceFile<Place extends object, Given>(
  text: string,
  file: PlaceFile<Place, Given>,
  given: Given,
): Places<Place> {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch (error) {
    throw new Error(`It is not JSON: ${(error as Error).message}`)
  }
  if (!isObject(parsed)) throw new Error(`It must hold an object from ${file.keyed} to places.`)
  const problems: string[] = []
  const places: [string, Place][] = []
  for (const [pattern, entry] of Object.entries(parsed)) {
    const wrong = file.keys(pattern)
    const place = wrong === undefined ? readPlace(entry, file, given) : { problem: wrong }
    if ('problem' in place) problems.push(`${pattern}: ${place.problem}`)
    else places.push([pattern, place])
  }
  if (problems.length > 0) throw new Error(problems.join(' '))
  return places.sort(([one], [other]) => Number(one.includes('*')) - Number(other.includes('*')))
}

function readPlace<Place, Given>(entry: unknown, { ways, none }: PlaceFile<Place, Given>, given: Given) {
  if (!isObject(entry)) return { problem: 'it must be an object.' }
  const named = Object.keys(ways).filter((way) => Object.hasOwn(entry, way))
  const way = named.length === 1 ? ways[named[0] as string] : undefined
  if (!way) return { problem: `it must have ${none}.` }
  const stray = Object.keys(entry).find((name) => !way.members.includes(name))
  if (stray !== undefined) return { problem: `${stray} is no setting of a ${named[0]}.` }
  return way.read(entry, given)
}

/** The place of a name; undefined when no pattern fits. */
export const placeOf = <Place>(places: Places<Place>, name: string): Place | undefined =>
  places.find(([pattern]) => fits(pattern, name))?.[1]

const fits = (pattern: string, name: string): boolean =>
  pattern === name ||
  (pattern.includes('*') &&
    new RegExp(
      `^${pattern
        .split('*')
        .map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'))
        .join('.*')}$`,
    ).test(name))

/** A URL that takes JSON by POST, signed with `key` (docs/triggers.md, "A webhook"). */
export interface WebhookPlace {
  way: 'webhook'
  url: string
  key: string
}

/** The way of webhooks, whose key may be left out where the setting `TRIGGER_WEBHOOK_KEY` is set. */
export const webhookWay: PlaceWays<WebhookPlace, { webhookKey: string | undefined }>[string] = {
  members: ['webhook', 'key'],
  read: ({ webhook, key }, { webhookKey }) => {
    if (!isUrl(webhook)) return { problem: 'webhook must be an http or https URL.' }
    const signing = key ?? webhookKey
    if (typeof signing !== 'string' || signing.length < 32)
      return { problem: 'a webhook needs a key of at least 32 characters: key, or the setting TRIGGER_WEBHOOK_KEY.' }
    return { way: 'webhook', url: webhook, key: signing }
  },
}

/** A file to which records are appended, a line of JSON each. */
export interface FilePlace {
  way: 'file'
  /** An absolute path. */
  file: string
}

/** The way of files; `pathOf` gives the absolute path of one that the file names. */
export const fileWay: PlaceWays<FilePlace, { pathOf: (path: string) => string }>[string] = {
  members: ['file'],
  read: ({ file }, { pathOf }) =>
    isText(file) ? { way: 'file', file: pathOf(file) } : { problem: 'file must be the path of a file.' },
}

/** An API of AWS, or of a stand-in. */
export interface AwsPlace {
  endpoint: string
  region: string
  accessKeyId: string
  secretAccessKey: string
}

/** An entry whose member `way` is the URL of an API of AWS; `api` names it. Its region is `region` if it names none. */
export function readAwsPlace(way: string, api: string, entry: Entry, region: string): AwsPlace | Problem {
  const { [way]: endpoint, region: own = region, accessKeyId, secretAccessKey } = entry
  if (!isUrl(endpoint)) return { problem: `${way} must be the http or https URL of ${api}.` }
  if (!isText(accessKeyId) || !isText(secretAccessKey))
    return { problem: `${way} needs accessKeyId and secretAccessKey.` }
  if (!isText(own)) return { problem: 'region must be the name of a region.' }
  return { endpoint, region: own, accessKeyId, secretAccessKey }
}

export const isObject = (value: unknown): value is Entry =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const isUrl = (value: unknown): value is string =>
  typeof value === 'string' &&
  URL.canParse(value) &&
  ['http:', 'https:'].includes(new URL(value).protocol) &&
  new URL(value).username === ''

/** A text that is not empty. */
export const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''
