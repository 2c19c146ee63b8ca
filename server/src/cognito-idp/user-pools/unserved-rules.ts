// Settings of user pools and app clients that are stored and shown, so that plans (Terraform, CDK) apply, and that
// nothing carries out yet. Pure. A setting whose absence would let somebody in, or give tokens that say something else,
// refuses what would have used it; the others are only told to the log (require-served.ts, unserved-notices.ts).
// When each trigger runs: docs/reference/user-pools.md 13.2 and 13.5. docs/behaviour/user-pools.md.
import type { LambdaConfigType } from '../../contract/cognito-idp.types.ts'
import type { UserPoolClientSettings } from '../user-pool-clients/client-store.ts'
import type { UserPoolSettings } from './pool-settings.ts'

/** What a setting would have taken part in. `tokens` are those of sign-ins and of refreshes. */
export type Moment = 'sign-in' | 'tokens'

// PreTokenGenerationConfig and PreTokenGeneration fill each other (new-pool-settings.ts); KMSKeyID serves the senders.
type Trigger = Exclude<keyof LambdaConfigType, 'PreTokenGenerationConfig' | 'KMSKeyID'>

/** Every trigger that is not called yet, with the moment that is refused without it. */
const triggers: Readonly<Partial<Record<Trigger, Moment | undefined>>> = {
  PreAuthentication: 'sign-in',
  // These run after the fact, or lead to a flow that is refused by name (CUSTOM_AUTH).
  PostAuthentication: undefined,
  DefineAuthChallenge: undefined,
  CreateAuthChallenge: undefined,
  VerifyAuthChallengeResponse: undefined,
  // A name that nobody has stays unknown; nobody comes in by federation yet.
  UserMigration: undefined,
  InboundFederation: undefined,
}

const setTriggers = ({ LambdaConfig = {} }: UserPoolSettings): Trigger[] =>
  (Object.keys(triggers) as Trigger[]).filter((name) => LambdaConfig[name] !== undefined)

/** The trigger without which one of these moments must not pass; undefined when there is none. */
export const missingTrigger = (pool: UserPoolSettings, moments: readonly Moment[]): string | undefined =>
  setTriggers(pool).find((name) => moments.some((moment) => moment === triggers[name]))

type Rows<Settings> = Readonly<Record<string, (settings: Settings) => boolean>>

const poolRows: Rows<UserPoolSettings> = {
  'UserPoolAddOns.AdvancedSecurityMode': ({ UserPoolAddOns }) =>
    (UserPoolAddOns?.AdvancedSecurityMode ?? 'OFF') !== 'OFF',
  DcrConfiguration: ({ DcrConfiguration }) => DcrConfiguration?.EnableStatus === 'Enabled',
  AcrConfiguration: ({ AcrConfiguration }) => Object.keys(AcrConfiguration ?? {}).length > 0,
  IssuerConfiguration: ({ IssuerConfiguration }) => IssuerConfiguration !== undefined,
  KeyConfiguration: ({ KeyConfiguration }) => KeyConfiguration?.KeyType === 'CUSTOMER_MANAGED_KEY',
}

const clientRows: Rows<Partial<UserPoolClientSettings>> = {
  AllowedOAuthFlows: ({ AllowedOAuthFlows = [] }) => AllowedOAuthFlows.length > 0,
  AnalyticsConfiguration: ({ AnalyticsConfiguration }) => AnalyticsConfiguration !== undefined,
  SSOSession: ({ SSOSession }) => SSOSession !== undefined,
  EnablePropagateAdditionalUserContextData: (client) => client.EnablePropagateAdditionalUserContextData === true,
}

const setRows = <Settings>(rows: Rows<Settings>, settings: Settings): string[] =>
  Object.keys(rows).filter((name) => rows[name]?.(settings))

/** The names of the settings of a pool that nothing carries out yet, such as `LambdaConfig.PreSignUp`. */
export const unservedOfPool = (settings: UserPoolSettings): string[] => [
  ...setTriggers(settings).map((name) => `LambdaConfig.${name}`),
  ...setRows(poolRows, settings),
]

/** The same of an app client. */
export const unservedOfClient = (settings: Partial<UserPoolClientSettings>): string[] => setRows(clientRows, settings)
