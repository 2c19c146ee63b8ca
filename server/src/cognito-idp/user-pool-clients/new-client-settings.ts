// Turns the members of CreateUserPoolClient and UpdateUserPoolClient into the settings that are stored, by adding
// defaults. Which settings are valid is decided by check-client.ts. Pure.
// docs/reference/user-pools.md 6.1, 6.3.
import type { TimeUnitsType, UpdateUserPoolClientRequest } from '../../contract/cognito-idp.types.ts'
import { unlessEmpty } from '../user-pools/new-pool-settings.ts'
import type { UserPoolClientSettings } from './client-store.ts'

/** The members that both requests have, except the name. */
export type ClientMembers = Omit<UpdateUserPoolClientRequest, 'UserPoolId' | 'ClientId' | 'ClientName'>

/**
 * The settings of a new or updated client: absent members get their defaults. An update that leaves out
 * RefreshTokenRotation turns it off, which a client that had it shows (docs/behaviour/user-pool-clients.md).
 */
export function newClientSettings(
  name: string,
  input: ClientMembers,
  before?: UserPoolClientSettings,
): UserPoolClientSettings {
  const rotation = input.RefreshTokenRotation ?? (before?.RefreshTokenRotation && { Feature: 'DISABLED' })

  const settings: UserPoolClientSettings = {
    ClientName: name,
    // 0 means the default as well.
    RefreshTokenValidity: input.RefreshTokenValidity || THIRTY_DAYS[input.TokenValidityUnits?.RefreshToken ?? 'days'],
    AccessTokenValidity: input.AccessTokenValidity,
    IdTokenValidity: input.IdTokenValidity,
    TokenValidityUnits: { ...input.TokenValidityUnits },
    ReadAttributes: unlessEmpty(input.ReadAttributes),
    WriteAttributes: unlessEmpty(input.WriteAttributes),
    ExplicitAuthFlows: unlessEmpty(input.ExplicitAuthFlows),
    SupportedIdentityProviders: unlessEmpty(input.SupportedIdentityProviders),
    CallbackURLs: unlessEmpty(input.CallbackURLs),
    LogoutURLs: unlessEmpty(input.LogoutURLs),
    DefaultRedirectURI: input.DefaultRedirectURI,
    AllowedOAuthFlows: unlessEmpty(input.AllowedOAuthFlows),
    AllowedOAuthScopes: unlessEmpty(input.AllowedOAuthScopes),
    AllowedOAuthFlowsUserPoolClient: input.AllowedOAuthFlowsUserPoolClient ?? false,
    AnalyticsConfiguration: input.AnalyticsConfiguration,
    PreventUserExistenceErrors: input.PreventUserExistenceErrors,
    EnableTokenRevocation: input.EnableTokenRevocation ?? true,
    EnablePropagateAdditionalUserContextData: input.EnablePropagateAdditionalUserContextData ?? false,
    AuthSessionValidity: input.AuthSessionValidity ?? 3,
    ClientType: before?.ClientType,
    SSOSession: before?.SSOSession,
    BackchannelLogoutUri: before?.BackchannelLogoutUri,
    RiskConfiguration: before?.RiskConfiguration,
    RefreshTokenRotation: rotation && { RetryGracePeriodSeconds: 0, ...rotation },
  }
  return Object.fromEntries(
    Object.entries(settings).filter(([, value]) => value !== undefined),
  ) as unknown as UserPoolClientSettings
}

const THIRTY_DAYS: Readonly<Record<TimeUnitsType, number>> = {
  seconds: 30 * 86_400,
  minutes: 30 * 1440,
  hours: 30 * 24,
  days: 30,
}
