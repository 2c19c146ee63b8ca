// The session configuration of pools and app clients: its defaults, and which values it may have. Pure.
// docs/reference/user-pools.md 12.8.
import type {
  ClientSSOSessionConfigType,
  GetUserPoolSessionConfigurationResponse,
} from '../../contract/cognito-idp.types.ts'
import { invalid, type Refusal } from '../../refusal-rules.ts'
import type { UserPoolClientSettings } from '../user-pool-clients/client-store.ts'
import type { UserPoolSettings } from '../user-pools/pool-settings.ts'

/** What SetUserPoolSessionConfiguration sets. */
export type SessionConfiguration = Required<Omit<GetUserPoolSessionConfigurationResponse, 'UserPoolId'>>

/** The bounds are none of the contract's. */
const MAX_PER_USER = { from: 1, to: 100 }
export const MAX_VALIDITY_MINUTES = { from: 0, to: 129_600 }

const DEFAULT: SessionConfiguration = { UserSessionTracking: 'DISABLED', TokenSession: { MaxPerUser: 20 } }
const CLIENT_DEFAULT: ClientSSOSessionConfigType = { MaxValidityMinutes: 60 }

export const sessionConfiguration = ({ SessionConfiguration = DEFAULT }: UserPoolSettings): SessionConfiguration =>
  SessionConfiguration

/** Whether the pool keeps a row for each sign-in (user-session-store.ts). */
export const tracksSessions = (settings: UserPoolSettings): boolean =>
  sessionConfiguration(settings).UserSessionTracking === 'ENABLED'

export const ssoSession = ({ SSOSession = CLIENT_DEFAULT }: UserPoolClientSettings): ClientSSOSessionConfigType =>
  SSOSession

const rangeRefusal = (name: string, value: number, { from, to }: { from: number; to: number }): Refusal | undefined =>
  value >= from && value <= to ? undefined : invalid(`${name} must be between ${from} and ${to}.`)

export const maxPerUserRefusal = ({ TokenSession }: Pick<SessionConfiguration, 'TokenSession'>): Refusal | undefined =>
  rangeRefusal('TokenSession.MaxPerUser', TokenSession.MaxPerUser, MAX_PER_USER)

export const ssoSessionRefusal = ({ MaxValidityMinutes }: ClientSSOSessionConfigType): Refusal | undefined =>
  rangeRefusal('SSOSession.MaxValidityMinutes', MaxValidityMinutes, MAX_VALIDITY_MINUTES)

/** Refuses what needs tracking in a pool that does not track. */
export const trackingRefusal = (settings: UserPoolSettings): Refusal | undefined =>
  tracksSessions(settings) ? undefined : invalid('User session tracking is not enabled for this user pool.')
