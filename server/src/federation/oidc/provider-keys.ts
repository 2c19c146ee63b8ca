// The keys of OpenID Connect providers, by issuer: found by discovery (OpenID Connect Discovery 1.0 section 4), cached,
// and fetched once for concurrent requests. A failure is cached as well, so that sign-ins do not all ask a provider
// that is down, and fetches for unknown key ids are limited (docs/reference/threats.md 35).
import type { Clock, WebClient } from '../../effects/effects.ts'
import { parseObject } from '../../encodings.ts'
import { limits } from '../limits.ts'
import type { KeySet } from './key-set.ts'

export interface Unreachable {
  unreachable: string
  /** The provider did not answer in time. */
  timedOut?: true
}

export interface ProviderKeys {
  /**
   * The issuer's keys. `unsatisfying`: keys without the key of a token; they are fetched again unless that was just
   * done. `jwksUri`: where the keys are, of an issuer that has no discovery document.
   */
  keysOf(issuer: string, unsatisfying?: KeySet, jwksUri?: string): Promise<KeySet | Unreachable>
}

/** Between two fetches for unknown key ids. */
export const UNKNOWN_KID_PAUSE_MS = 10_000
/** How long a failure is cached. */
export const FAILURE_MS = 5000
const ISSUERS_KEPT = 1000

interface Entry {
  keys?: KeySet
  failure?: Unreachable & { at: number }
  fetching?: Promise<KeySet | Unreachable>
}

export function createProviderKeys(web: WebClient, clock: Clock): ProviderKeys {
  const entries = new Map<string, Entry>()
  // After the clock was set back an age is negative: such an entry is not fresh.
  const within = (time: number, ms: number): boolean => clock.now() >= time && clock.now() - time < ms

  async function refresh(issuer: string, jwksUri: string | undefined, entry: Entry): Promise<KeySet | Unreachable> {
    const fetched = await fetchKeys(web, issuer, jwksUri, clock)
    if (!('unreachable' in fetched)) {
      entry.keys = fetched
      delete entry.failure
      return fetched
    }
    entry.failure = { ...fetched, at: clock.now() }
    return usable(entry) ?? fetched
  }

  const usable = ({ keys }: Entry): KeySet | undefined =>
    keys && within(keys.fetchedAt, limits.keysStale.max) ? keys : undefined

  return {
    async keysOf(issuer, unsatisfying, jwksUri) {
      const name = JSON.stringify([issuer, jwksUri])
      const entry = entries.get(name) ?? {}
      entries.delete(name)
      entries.set(name, entry)
      if (entries.size > ISSUERS_KEPT) entries.delete(entries.keys().next().value as string)
      const { keys, failure } = entry
      const wanted = keys === unsatisfying ? UNKNOWN_KID_PAUSE_MS : limits.keysFresh.max
      if (keys && within(keys.fetchedAt, wanted)) return keys
      if (failure && within(failure.at, FAILURE_MS)) return usable(entry) ?? failure
      entry.fetching ??= refresh(issuer, jwksUri, entry).finally(() => delete entry.fetching)
      return entry.fetching
    },
  }
}

async function fetchKeys(
  web: WebClient,
  issuer: string,
  jwksUri: string | undefined,
  clock: Clock,
): Promise<KeySet | Unreachable> {
  const place = jwksUri === undefined ? await discoverKeys(web, issuer) : { url: jwksUri, namedBy: undefined }
  if ('unreachable' in place) return place
  const answer = await fetchJson(web, place.url, place.namedBy)
  if ('unreachable' in answer) return { ...answer, unreachable: `keys: ${answer.unreachable}` }
  const { keys } = answer.json
  if (!Array.isArray(keys) || keys.length > limits.providerKeys.max)
    return { unreachable: 'keys: it is no set of keys' }
  // An unreadable key is left out, so that the others can be used. A symmetric key among them does no harm: no MAC
  // algorithm is allowed.
  const published = keys.filter((key) => typeof key === 'object' && key !== null)
  const { keySet } = await import('./key-set.ts')
  try {
    return keySet(published, clock.now())
  } catch {
    return { unreachable: 'keys: it is no set of keys' }
  }
}

async function discoverKeys(web: WebClient, issuer: string): Promise<{ url: string; namedBy: string } | Unreachable> {
  const discovery = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  const document = await fetchJson(web, discovery, undefined)
  if ('unreachable' in document) return { ...document, unreachable: `discovery: ${document.unreachable}` }
  // Discovery 4.3: otherwise one host could publish keys for another issuer.
  if (document.json.issuer !== issuer) return { unreachable: 'discovery: the document is of another issuer' }
  const { jwks_uri: url } = document.json
  return typeof url === 'string' ? { url, namedBy: discovery } : { unreachable: 'discovery: there is no jwks_uri' }
}

async function fetchJson(
  web: WebClient,
  url: string,
  namedBy: string | undefined,
): Promise<{ json: Record<string, unknown> } | Unreachable> {
  const answer = await web.send({ url, ...(namedBy !== undefined && { namedBy }) })
  if ('failed' in answer)
    return { unreachable: answer.detail, ...(answer.failed === 'timeout' && { timedOut: true as const }) }
  if (answer.status !== 200) return { unreachable: `HTTP ${answer.status}` }
  const json = parseObject(answer.body)
  return json ? { json } : { unreachable: 'it is no JSON object' }
}
