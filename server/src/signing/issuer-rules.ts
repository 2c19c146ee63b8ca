// The issuers of a pool's tokens, and the addresses that its endpoints are below (docs/behaviour/replicas.md). Pure.
import { regionPrefix } from '../http/request-region-rules.ts'

/** The type of issuer that is set for a pool: `IssuerConfiguration.Type` (docs/reference/user-pools.md 18.8). */
interface IssuerSetting {
  readonly IssuerConfiguration?: { readonly Type?: 'ORIGINAL' | 'UPDATED' } | undefined
}

/** A pool as a request reaches it. */
export interface Addressed {
  readonly id: string
  /** The region that the address of the request names; undefined for an address without one. */
  readonly addressedIn?: string | undefined
}

const UPDATED = 'issuer/'

/** PUBLIC_URL/POOLID, with a region PUBLIC_URL/regions/REGION/POOLID: what the endpoints of a pool are below. */
export const poolBase = (publicUrl: string, { id, addressedIn }: Addressed): string =>
  `${publicUrl}${addressedIn === undefined ? '' : regionPrefix(addressedIn)}/${id}`

/**
 * The issuer of the tokens that are made for a request: the address of the pool, which is another one in each region, or of the
 * type UPDATED PUBLIC_URL/issuer/POOLID, which is one for all regions.
 */
export const issuerOf = (publicUrl: string, pool: Addressed & { readonly settings: IssuerSetting }): string =>
  pool.settings.IssuerConfiguration?.Type === 'UPDATED'
    ? `${publicUrl}/${UPDATED}${pool.id}`
    : poolBase(publicUrl, pool)

/** The issuers of both types of a pool, at addresses without a region. */
export const issuersOf = (publicUrl: string, poolId: string): [original: string, updated: string] => [
  `${publicUrl}/${poolId}`,
  `${publicUrl}/${UPDATED}${poolId}`,
]

/**
 * The pool that an issuer names, of either type and in any region: tokens stay good when the type is changed. Undefined for an
 * issuer that is not ours.
 */
export function poolOfIssuer(publicUrl: string, issuer: unknown): string | undefined {
  const prefix = `${publicUrl}/`
  return typeof issuer === 'string' && issuer.startsWith(prefix)
    ? issuer.slice(prefix.length).replace(ISSUER_PATH, '')
    : undefined
}

/** What may stand before the id of a pool: the path of the type UPDATED, or that of a region. */
const ISSUER_PATH = /^(?:issuer|regions\/[a-z0-9-]{5,32})\//
