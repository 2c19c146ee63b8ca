// Applies all rules on a client's settings, in one order for CreateUserPoolClient and UpdateUserPoolClient.

import { enforce, firstRefusal, invalid } from '../../refusal-rules.ts'
import { accessTokenSeconds, idTokenSeconds, refreshTokenSeconds } from '../tokens/lifetimes.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { analyticsRefusal } from './analytics-rules.ts'
import { permissionRefusal } from './attribute-permission-rules.ts'
import { authFlowRefusal } from './auth-flow-rules.ts'
import type { UserPoolClientSettings } from './client-store.ts'
import { type KnownNames, type OAuthRefusal, oauthRefusal } from './oauth-client-rules.ts'
import { tokenValidityRefusal } from './token-validity-rules.ts'

interface Check {
  fail: (error: OAuthRefusal['refused'], message: string) => Error
  pool: UserPool
  settings: UserPoolClientSettings
  hasSecret: boolean
  /** What the pool has that a client may name (known-names.ts). */
  known: KnownNames
  /** The operation, as the service's texts name it. */
  doing: 'creating' | 'updating'
}

/** Throws the error of the first rule that `settings` break. */
export function checkClientSettings({ fail, pool, settings, known, hasSecret, doing }: Check): void {
  const lifetimes = {
    access: accessTokenSeconds(settings),
    id: idTokenSeconds(settings),
    refresh: refreshTokenSeconds(settings),
  }
  enforce(
    fail,
    firstRefusal<OAuthRefusal['refused']>([
      () => tokenValidityRefusal(lifetimes),
      () => authFlowRefusal(settings, hasSecret),
      () => permissionRefusal(pool.settings, settings, doing),
      () => oauthRefusal(settings, hasSecret, known),
      () => analyticsRefusal(settings.AnalyticsConfiguration),
      () => contextRefusal(settings, hasSecret),
    ]),
  )
}

const contextRefusal = (settings: UserPoolClientSettings, hasSecret: boolean) =>
  settings.EnablePropagateAdditionalUserContextData && !hasSecret
    ? invalid('Client Secret is required to set EnablePropagateAdditionalUserContextData as true')
    : undefined
