// How long the tokens of a client live, in seconds. Pure. docs/reference/user-pools.md 6.1, 12.4.
import type { UserPoolClientSettings } from '../user-pool-clients/client-store.ts'

const SECONDS = { seconds: 1, minutes: 60, hours: 3600, days: 86_400 } as const
const HOUR = 3600
const DEFAULT_REFRESH_SECONDS = 30 * 86_400

export const accessTokenSeconds = (client: UserPoolClientSettings): number =>
  client.AccessTokenValidity
    ? client.AccessTokenValidity * SECONDS[client.TokenValidityUnits?.AccessToken ?? 'hours']
    : HOUR

export const idTokenSeconds = (client: UserPoolClientSettings): number =>
  client.IdTokenValidity ? client.IdTokenValidity * SECONDS[client.TokenValidityUnits?.IdToken ?? 'hours'] : HOUR

/** 0 and absent mean 30 days. */
export const refreshTokenSeconds = (client: UserPoolClientSettings): number =>
  client.RefreshTokenValidity
    ? client.RefreshTokenValidity * SECONDS[client.TokenValidityUnits?.RefreshToken ?? 'days']
    : DEFAULT_REFRESH_SECONDS

/** Life of a sign-in session and of the codes sent within it. */
export const sessionSeconds = (client: UserPoolClientSettings): number => (client.AuthSessionValidity ?? 3) * 60
