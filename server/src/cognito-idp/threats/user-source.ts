// Where a user is, as a public operation tells it by UserContextData (docs/reference/user-pools.md 15).
import type { UserContextDataType } from '../../contract/cognito-idp.types.ts'
import { ApiError } from '../../errors.ts'
import { plainAddress } from '../../http/client-address.ts'
import { type RequestSource, requestSource } from '../sessions/request-source.ts'
import type { UserPoolClient } from '../user-pool-clients/client-store.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { protectionMode } from './protection-rules.ts'

/**
 * The source of a request. IpAddress counts for a client that may pass it on for its users, which its secret proves; for
 * another one of a pool with threat protection it is refused, and elsewhere left alone. Throws InvalidParameterException.
 */
export function userSource(
  request: Parameters<typeof requestSource>[0],
  { pool, client }: { pool: UserPool; client: UserPoolClient },
  told: UserContextDataType | undefined,
): RequestSource {
  const source = requestSource(request, told)
  if (told?.IpAddress === undefined) return source
  const { settings, secrets } = client
  if (settings.EnablePropagateAdditionalUserContextData && secrets.length > 0)
    return { ...source, address: plainAddress(told.IpAddress) }
  if (protectionMode(pool.settings) === 'OFF') return source
  throw new ApiError('InvalidParameterException', 'Cannot use IP Address passed into UserContextData')
}
