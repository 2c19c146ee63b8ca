// The second factors of a user pool: what SetUserPoolMfaConfig makes of them, and how both operations show them. Pure.
// docs/reference/user-pools.md 3.3 (MFA), 5.6, 11.
import type {
  GetUserPoolMfaConfigResponse,
  SetUserPoolMfaConfigRequest,
  WebAuthnConfigurationType,
} from '../../contract/cognito-idp.types.ts'
import { firstRefusal, invalid, type Refusal } from '../../refusal-rules.ts'
import { relyingPartyIdProblem } from '../passkeys/relying-party-rules.ts'
import { smsConfiguration } from '../user-pools/new-pool-settings.ts'
import { mfaRefusal, passkeyRefusal, SMS_NEEDED_MESSAGE, smsConfigurationRefusal } from '../user-pools/pool-rules.ts'
import type { UserPoolSettings } from '../user-pools/pool-settings.ts'
import { tierRefusal } from '../user-pools/tier-rules.ts'

/**
 * The settings after SetUserPoolMfaConfig. It replaces all factors: what the request does not name is none. SmsConfiguration
 * and its message stay, as they are for verification, too.
 */
export function withMfaConfig(
  current: UserPoolSettings,
  input: SetUserPoolMfaConfigRequest,
  region: string,
): UserPoolSettings {
  const { SoftwareTokenMfaConfiguration, EmailMfaConfiguration, WebAuthnConfiguration, SmsMfaLeftOut, ...kept } =
    current
  const { MfaConfiguration = 'OFF', SmsMfaConfiguration: sms } = input
  return {
    ...kept,
    MfaConfiguration,
    ...(sms?.SmsConfiguration && { SmsConfiguration: smsConfiguration(sms.SmsConfiguration, region) }),
    ...(sms?.SmsAuthenticationMessage !== undefined && { SmsAuthenticationMessage: sms.SmsAuthenticationMessage }),
    ...(MfaConfiguration !== 'OFF' && !sms && { SmsMfaLeftOut: true }),
    ...(input.SoftwareTokenMfaConfiguration && {
      SoftwareTokenMfaConfiguration: { Enabled: input.SoftwareTokenMfaConfiguration.Enabled ?? false },
    }),
    ...(input.EmailMfaConfiguration && { EmailMfaConfiguration: { ...input.EmailMfaConfiguration } }),
    ...(input.WebAuthnConfiguration && { WebAuthnConfiguration: webAuthn(input.WebAuthnConfiguration) }),
  }
}

const webAuthn = (given: WebAuthnConfigurationType): WebAuthnConfigurationType => ({
  UserVerification: 'preferred',
  ...given,
})

type MfaConfigRefusal = Refusal<'InvalidParameterException' | 'FeatureUnavailableInTierException'>

/** Why SetUserPoolMfaConfig is refused, for its request or for the `settings` made of it; undefined when it is not. */
export const mfaConfigRefusal = (
  input: SetUserPoolMfaConfigRequest,
  settings: UserPoolSettings,
): MfaConfigRefusal | undefined =>
  firstRefusal<MfaConfigRefusal['refused']>([
    () => offRefusal(input),
    () => factorRefusal(input),
    () => smsRefusal(input, settings),
    () => relyingPartyRefusal(input),
    () => mfaRefusal(settings),
    () => passkeyRefusal(settings, PASSKEY_MESSAGE),
    // The tier stays as it is.
    () => tierRefusal(settings) as Refusal<'FeatureUnavailableInTierException'> | undefined,
  ])

const PASSKEY_MESSAGE =
  'Cannot set WebAuthn factor configuration to SINGLE_FACTOR if MFA is required and WebAuthn is an allowed first auth factor'

const factorsOf = (input: SetUserPoolMfaConfigRequest) => [
  input.SmsMfaConfiguration,
  input.SoftwareTokenMfaConfiguration,
  input.EmailMfaConfiguration,
]

// Measured: even a factor that is not enabled is refused, and passkeys are none of these.
const offRefusal = (input: SetUserPoolMfaConfigRequest): Refusal | undefined =>
  (input.MfaConfiguration ?? 'OFF') === 'OFF' && factorsOf(input).some((factor) => factor !== undefined)
    ? invalid("Invalid MFA configuration given, can't turn off MFA and configure an MFA together.")
    : undefined

function factorRefusal(input: SetUserPoolMfaConfigRequest): Refusal | undefined {
  if ((input.MfaConfiguration ?? 'OFF') === 'OFF') return undefined
  const { SmsMfaConfiguration: sms, SoftwareTokenMfaConfiguration: token, EmailMfaConfiguration: email } = input
  return sms || token?.Enabled || email
    ? undefined
    : invalid('At least one of [SmsMfaConfiguration] or [SoftwareTokenMfaConfiguration] must be provided.')
}

function relyingPartyRefusal({ WebAuthnConfiguration: { RelyingPartyId: id } = {} }: SetUserPoolMfaConfigRequest) {
  const problem = id === undefined ? undefined : relyingPartyIdProblem(id)
  return problem === undefined ? undefined : invalid(problem)
}

const smsRefusal = (input: SetUserPoolMfaConfigRequest, settings: UserPoolSettings): Refusal | undefined =>
  smsConfigurationRefusal(input.SmsMfaConfiguration?.SmsConfiguration) ??
  (input.SmsMfaConfiguration && !settings.SmsConfiguration ? invalid(SMS_NEEDED_MESSAGE) : undefined)

/** The response of both operations: the parts that are configured. */
export function mfaConfigType(settings: UserPoolSettings): GetUserPoolMfaConfigResponse {
  const { SmsConfiguration, SmsAuthenticationMessage, SmsMfaLeftOut } = settings
  const { SoftwareTokenMfaConfiguration, EmailMfaConfiguration, WebAuthnConfiguration } = settings
  return {
    MfaConfiguration: settings.MfaConfiguration ?? 'OFF',
    ...(SmsConfiguration &&
      !SmsMfaLeftOut && {
        SmsMfaConfiguration: {
          ...(SmsAuthenticationMessage !== undefined && { SmsAuthenticationMessage }),
          SmsConfiguration,
        },
      }),
    ...(SoftwareTokenMfaConfiguration && { SoftwareTokenMfaConfiguration }),
    ...(EmailMfaConfiguration && { EmailMfaConfiguration }),
    ...(WebAuthnConfiguration && { WebAuthnConfiguration }),
  }
}
