// Who signs up, confirms or forgets a password, and from where: what the functions of this folder get from every door.
import type { AnalyticsMetadataType, UserContextDataType } from '../../contract/cognito-idp.types.ts'
import { endpointOf } from '../analytics/pinpoint-rules.ts'
import type { RequestSource } from '../sessions/request-source.ts'
import type { Place } from '../sign-in/sign-in.ts'
import { userSource } from '../threats/user-source.ts'

export interface Asker extends Place {
  /** The address that the request came from, which limits and budgets count. */
  readonly remoteAddress: string | undefined
  /** Where the user is, as threat protection keeps it. */
  readonly source: RequestSource
  /** AnalyticsEndpointId of the call (analytics/). */
  readonly endpoint?: string | undefined
}

interface Request extends Place {
  readonly input: {
    readonly UserContextData?: UserContextDataType | undefined
    readonly AnalyticsMetadata?: AnalyticsMetadataType | undefined
  }
  readonly remoteAddress: string | undefined
  readonly userAgent: string | undefined
}

/** The asker of a public operation. Throws InvalidParameterException as userSource does. */
export const askerOf = ({ input, pool, client, remoteAddress, userAgent }: Request): Asker => ({
  pool,
  client,
  remoteAddress,
  source: userSource({ remoteAddress, userAgent }, { pool, client }, input.UserContextData),
  endpoint: endpointOf(input.AnalyticsMetadata),
})
