// What a grant of the token endpoint is; each is a file in grants/.
import type { Place } from '../../cognito-idp/sign-in/sign-in.ts'
import type { UserPoolClientSettings } from '../../cognito-idp/user-pool-clients/client-store.ts'
import type { Context } from '../../context.ts'
import type { PoolRequest } from '../endpoint.ts'

export interface TokenAnswer {
  readonly AccessToken: string
  readonly IdToken?: string
  readonly RefreshToken?: string | undefined
  readonly TokenType: 'Bearer'
  /** Seconds. */
  readonly ExpiresIn: number
}

export interface Grant {
  /** Whether a client may use it. */
  readonly allowedFor: (client: UserPoolClientSettings) => boolean
  /** Throws OAuthError. */
  readonly give: (context: Context, place: Place, request: PoolRequest) => Promise<TokenAnswer>
}
