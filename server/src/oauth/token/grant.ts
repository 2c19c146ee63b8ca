// What a grant of the token endpoint is; each is a file in grants/.
import type { Place } from '../../cognito-idp/sign-in/sign-in.ts'
import type { Context } from '../../context.ts'
import type { PoolRequest } from '../endpoint.ts'

export interface TokenAnswer {
  readonly AccessToken: string
  readonly IdToken?: string
  readonly RefreshToken?: string | undefined
  /** Seconds. */
  readonly ExpiresIn: number
  /** The type of what AccessToken holds, where the grant has to say it (RFC 8693 2.2.1). */
  readonly issuedTokenType?: string
  /** Where they are not those that were asked for. */
  readonly scopes?: readonly string[]
}

export interface Grant {
  /** Whether a client may use it. */
  readonly allowedFor: (place: Place) => boolean
  /** Throws OAuthError. `key`: the thumbprint of the key that the tokens are to be bound to (oauth/dpop/). */
  readonly give: (context: Context, place: Place, request: PoolRequest, key: string | undefined) => Promise<TokenAnswer>
}
