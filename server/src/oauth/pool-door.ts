// Which user pool a request to an OAuth endpoint or a login page is for: the host of a domain, or the first segment of the
// path, leads to it. docs/reference/oauth-and-federation.md 1.1, 18.
import type { PageKind } from '../cognito-idp/branding/client-looks.ts'
import { prefixHost } from '../cognito-idp/domains/domain-rules.ts'
import { type PoolOfDomain, poolOfDomain } from '../cognito-idp/domains/pool-of-domain.ts'
import { poolAt } from '../cognito-idp/replicas/place-rules.ts'
import { regionProblem } from '../cognito-idp/replicas/served-rules.ts'
import type { UserPool } from '../cognito-idp/user-pools/pool-store.ts'
import type { Context } from '../context.ts'
import { regionOfHost, requestRegion } from '../http/request-region-rules.ts'
import { issuerOf, issuersOf, poolBase } from '../signing/issuer-rules.ts'

export interface PoolDoor {
  readonly pool: UserPool
  /** The URL that the pool's endpoints are below, as applications know it; without a trailing slash. */
  readonly base: string
  /** The issuer that discovery has at this address (OpenID Connect Discovery 1.0 section 4.3). */
  readonly issuer: string
  /** The host of that URL, with its port. */
  readonly host: string
  /**
   * The path of that URL; empty on the host of a domain. Redirects from page to page are by path, so that a browser stays on
   * the host where its cookies are.
   */
  readonly path: string
  /** Cognito's classic pages, or managed login; without a domain, whichever has been styled. */
  readonly pages: PageKind
}

export interface FoundDoor {
  readonly door: PoolDoor
  /** The path of the endpoint below the pool, such as `/oauth2/authorize`. */
  readonly endpoint: string
}

type Parts = Pick<Context, 'publicUrl' | 'userPools' | 'config'>

/** The door of a request, by its Host header and path. Without a statement once the pool was read. */
export async function findDoor(context: Parts, host: string | undefined, path: string): Promise<FoundDoor | undefined> {
  return (
    (host !== undefined && (await doorOfHost(context, host.toLowerCase(), path))) || doorOfPath(context, host, path)
  )
}

/** The host of a domain has pages of its pool alone. */
async function doorOfHost(context: Parts, host: string, path: string): Promise<FoundDoor | undefined> {
  const { publicUrl, config, userPools } = context
  const { protocol, host: own } = partsOf(publicUrl)
  // Every pool is reached by the host of a region, whoever had it as a domain before it was one.
  if (host === own || regionOfHost(config.regions, host) !== undefined) return undefined
  const name = host.replace(/:\d+$/, '')
  const suffix = `.auth.${config.domainSuffix}`
  const domain = name.endsWith(suffix) ? name.slice(0, -suffix.length) : name.includes('.') ? name : ''
  const found: PoolOfDomain | undefined = await poolOfDomain(context, domain)
  const pool = found && (await userPools.pool(found.poolId))
  if (!pool) return undefined
  const pages = found.managedLoginVersion === 1 ? 'classic' : 'managed'
  const issuer = issuerOf(publicUrl, pool)
  return { door: { pool, base: `${protocol}//${host}`, issuer, host, path: '', pages }, endpoint: path }
}

/**
 * `/POOLID/…`, with a region before it where the address names one; keys and discovery also below the issuer of the type
 * UPDATED. None where the pool is not in that region, or does not serve users there.
 */
async function doorOfPath(
  { publicUrl, userPools, config }: Parts,
  requestHost: string | undefined,
  path: string,
): Promise<FoundDoor | undefined> {
  // A proxy may leave the path of PUBLIC_URL on.
  const { host, root } = partsOf(publicUrl)
  const below = root !== '' && path.startsWith(`${root}/`) ? path.slice(root.length) : path
  const { region: addressedIn, path: local } = requestRegion(config.regions, requestHost, below)
  const [, ofIssuer, poolId = '', endpoint = ''] = /^\/(issuer\/)?([\w-]+_[0-9A-Za-z]+)(\/.*)$/.exec(local) ?? []
  const isPublished = endpoint.startsWith('/.well-known/')
  if (poolId === '' || (ofIssuer && !isPublished)) return undefined
  // Discovery and keys come from memory while the database is away.
  const found = await (isPublished ? userPools.lastKnownPool : userPools.pool)(poolId)
  const pool = found && poolAt(found, { region: addressedIn, addressedIn })
  if (!pool || regionProblem(pool, 'use') !== undefined) return undefined
  const base = poolBase(publicUrl, pool)
  const issuer = ofIssuer ? issuersOf(publicUrl, poolId)[1] : base
  return {
    door: { pool, base, issuer, host, path: root + poolBase('', pool), pages: 'either' },
    endpoint,
  }
}

/** A memo, no state: a process has one public URL for each of its servers. */
const known = new Map<string, { protocol: string; host: string; root: string }>()

/** The parts of a public URL; `root` is its path without a trailing slash. */
function partsOf(publicUrl: string): { protocol: string; host: string; root: string } {
  let parts = known.get(publicUrl)
  if (parts === undefined) {
    const { protocol, host, pathname } = new URL(publicUrl)
    parts = { protocol, host, root: pathname === '/' ? '' : pathname }
    known.set(publicUrl, parts)
  }
  return parts
}

/**
 * The URL of the pool's endpoints that discovery names: that of its domain, its own before the prefix's, where the operator
 * has set a suffix that clients resolve (Node.js resolves no `*.localhost`).
 */
export function publishedBase({ publicUrl, config }: Pick<Context, 'publicUrl' | 'config'>, pool: UserPool): string {
  const { Domain, CustomDomain } = pool.settings
  const isLocal = /(^|\.)localhost$/.test(config.domainSuffix)
  const host = CustomDomain ?? (Domain === undefined ? undefined : prefixHost(Domain, config.domainSuffix))
  // A domain leads to the primary region.
  if (isLocal || host === undefined || pool.addressedIn !== undefined) return poolBase(publicUrl, pool)
  const { protocol, port } = new URL(publicUrl)
  return `${protocol}//${host}${port === '' ? '' : `:${port}`}`
}
