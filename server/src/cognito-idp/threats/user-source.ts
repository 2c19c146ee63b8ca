// Where a user is, as a public operation tells it by UserContextData, and an Admin operation by ContextData
// (docs/reference/user-pools.md 15).
import type { ContextDataType, UserContextDataType } from '../../contract/cognito-idp.types.ts'
import { ApiError } from '../../errors.ts'
import { plainAddress } from '../../http/client-address.ts'
import { adminRequestSource, type RequestSource, requestSource } from '../sessions/request-source.ts'
import type { UserPoolClient } from '../user-pool-clients/client-store.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { protectionMode } from './protection-rules.ts'

type Request = Parameters<typeof requestSource>[0]

/**
 * The source of a request. IpAddress counts for a client that may pass it on for its users, which its secret proves; for
 * another one of a pool with threat protection it is refused, and elsewhere left alone. Throws InvalidParameterException.
 */
export function userSource(
  request: Request,
  { pool, client }: { pool: UserPool; client: UserPoolClient },
  told: UserContextDataType | undefined,
): RequestSource {
  const source = requestSource(request, told)
  if (told?.IpAddress === undefined) return source
  const { settings, secrets } = client
  if (settings.EnablePropagateAdditionalUserContextData && secrets.length > 0)
    return { ...source, address: addressOf(pool, told.IpAddress) }
  if (protectionMode(pool.settings) === 'OFF') return source
  throw new ApiError('InvalidParameterException', 'Cannot use IP Address passed into UserContextData')
}

/** The source of an Admin operation: that of its ContextData, if there is one. Throws InvalidParameterException. */
export function adminSource(
  request: Request,
  { pool }: { pool: UserPool },
  contextData: ContextDataType | undefined,
): RequestSource {
  const source = adminRequestSource(request, contextData)
  return contextData ? { ...source, address: addressOf(pool, contextData.IpAddress) } : source
}

/**
 * The address of a text, such as a header that an application passes on. One that cannot be read would be in no list of
 * blocked ranges, so a pool with threat protection refuses it.
 */
function addressOf(pool: UserPool, text: string): string | undefined {
  const address = plainAddress(text)
  if (address === undefined && protectionMode(pool.settings) !== 'OFF')
    throw new ApiError('InvalidParameterException', 'IpAddress must be an IPv4 or IPv6 address.')
  return address
}
