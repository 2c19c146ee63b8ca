// Which settings a pool may have. Pure. The schema is schema-rules.ts, features of a tier tier-rules.ts, defaults
// new-pool-settings.ts. docs/reference/user-pools.md 5, 13.1, 14, 3.3 (Pool and client configuration), and
// docs/behaviour/user-pools.md for the texts that the reference does not have.
import type { CreateUserPoolRequest, UpdateUserPoolRequest } from '../../contract/cognito-idp.types.ts'
import { firstRefusal, invalid, type Refusal } from '../../refusal-rules.ts'
import { allowsPasskeys, countsAsTwoFactors } from '../passkeys/relying-party-rules.ts'
import { cognomenTagProblem } from '../tags/cognomen-tag-rules.ts'
import { tagProblem } from '../tags/tag-rules.ts'
import { acrRefusal } from './acr-rules.ts'
import type { ReplaceableMembers } from './new-pool-settings.ts'
import type { UserPoolSettings } from './pool-settings.ts'
import { schemaRefusal } from './schema-rules.ts'
import { type TierRefusal, tierRefusal } from './tier-rules.ts'

type PoolRefusal = Refusal | Refusal<'UserPoolTaggingException'> | TierRefusal

/** Why a new pool is refused, for its request or for the settings made of it; undefined when it is not. */
export const newPoolRefusal = (
  input: CreateUserPoolRequest,
  settings: UserPoolSettings,
): Refusal<PoolRefusal['refused']> | undefined =>
  firstRefusal<PoolRefusal['refused']>([
    () => signInNameRefusal(input),
    () => schemaRefusal(input.Schema ?? []),
    () => memberRefusal(input, settings),
    () => tierRefusal(settings),
  ])

/** Why the change of a pool from `current` to `settings` by `input` is refused; undefined when it is not. */
export const updatedPoolRefusal = (
  current: UserPoolSettings,
  input: UpdateUserPoolRequest,
  settings: UserPoolSettings,
): Refusal<PoolRefusal['refused']> | undefined =>
  firstRefusal<PoolRefusal['refused']>([
    () => olderValidityRefusal(current, input),
    () => memberRefusal(input, settings),
    () => mfaRefusal(settings),
    () => tierRefusal(settings, current),
  ])

const memberRefusal = (
  input: ReplaceableMembers,
  settings: UserPoolSettings,
): Refusal<PoolRefusal['refused']> | undefined =>
  firstRefusal<PoolRefusal['refused']>([
    () => passwordPolicyRefusal(input),
    () => signInPolicyRefusal(input),
    () => passkeyRefusal(settings, PASSKEY_MESSAGE),
    () => verificationRefusal(input),
    () => recoveryRefusal(input),
    () => smsRefusal(input, settings),
    () => emailRefusal(input),
    () => lambdaRefusal(input),
    () => keyRefusal(input),
    () => acrRefusal(input.AcrConfiguration ?? {}),
    () => taggingRefusal(input.UserPoolTags ?? {}),
  ])

const signInNameRefusal = (input: CreateUserPoolRequest): Refusal | undefined =>
  input.AliasAttributes?.length && input.UsernameAttributes?.length
    ? invalid('Only one of the aliasAttributes or usernameAttributes can be set in a User pool.')
    : undefined

const TWO_VALIDITIES = 'Please use TemporaryPasswordValidityDays in PasswordPolicy instead of UnusedAccountValidityDays'

const setsOlderValidity = (input: ReplaceableMembers): boolean =>
  (input.AdminCreateUserConfig?.UnusedAccountValidityDays ?? 0) > 0

const passwordPolicyRefusal = (input: ReplaceableMembers): Refusal | undefined =>
  setsOlderValidity(input) && input.Policies?.PasswordPolicy?.TemporaryPasswordValidityDays !== undefined
    ? invalid(TWO_VALIDITIES)
    : undefined

/** The older member is refused in a pool that has ever set the newer one (docs/reference/user-pools.md 5.6). */
const olderValidityRefusal = (current: UserPoolSettings, input: ReplaceableMembers): Refusal | undefined =>
  setsOlderValidity(input) && current.Policies?.PasswordPolicy?.TemporaryPasswordValidityDays !== undefined
    ? invalid(TWO_VALIDITIES)
    : undefined

function signInPolicyRefusal(input: ReplaceableMembers): Refusal | undefined {
  const factors = input.Policies?.SignInPolicy?.AllowedFirstAuthFactors
  return factors && !factors.includes('PASSWORD')
    ? invalid('Password should be configured as one of the allowed first auth factors.')
    : undefined
}

const PASSKEY_MESSAGE = 'WEB_AUTHN cannot be used as an auth factor when MFA is enabled if not configured for MFA.'

/**
 * Where a second factor is required, a passkey can be a first factor only if it may stand for both; undefined when the
 * settings fit. The two operations that set either word it differently (docs/reference/user-pools.md 3.3 MFA).
 */
export const passkeyRefusal = (settings: UserPoolSettings, message: string): Refusal | undefined =>
  settings.MfaConfiguration === 'ON' && allowsPasskeys(settings) && !countsAsTwoFactors(settings)
    ? invalid(message)
    : undefined

function verificationRefusal(input: ReplaceableMembers): Refusal | undefined {
  const verified = input.AutoVerifiedAttributes ?? []
  const pending = input.UserAttributeUpdateSettings?.AttributesRequireVerificationBeforeUpdate ?? []
  return pending.every((attribute) => verified.includes(attribute))
    ? undefined
    : invalid('All attributes in AttributesRequireVerificationBeforeUpdate must exist in AutoVerifiedAttributes')
}

function recoveryRefusal(input: ReplaceableMembers): Refusal | undefined {
  const mechanisms = input.AccountRecoverySetting?.RecoveryMechanisms ?? []
  const distinct = (values: readonly unknown[]): boolean => new Set(values).size === mechanisms.length
  if (!distinct(mechanisms.map(({ Priority }) => Priority)) || !distinct(mechanisms.map(({ Name }) => Name))) {
    return invalid('Account Recovery Setting cannot have duplicate priorities or recovery mechanisms.')
  }
  return mechanisms.length > 1 && mechanisms.some(({ Name }) => Name === 'admin_only')
    ? invalid('Account Recovery Setting cannot use admin_only setting with any other recovery mechanisms.')
    : undefined
}

export const SMS_NEEDED_MESSAGE =
  'SMS configuration and Auto verification for phone_number are required when MFA is required/optional'

function smsRefusal(
  { SmsConfiguration: sms, MfaConfiguration: mfa = 'OFF' }: ReplaceableMembers,
  settings: UserPoolSettings,
): Refusal | undefined {
  // Second factors other than SMS are set by SetUserPoolMfaConfig, and kept.
  return (
    smsConfigurationRefusal(sms) ??
    (mfa !== 'OFF' && !sms && !hasOtherFactor(settings) ? invalid(SMS_NEEDED_MESSAGE) : undefined)
  )
}

/** Why a pool may not have this SmsConfiguration; undefined when it may. */
export const smsConfigurationRefusal = (sms: UserPoolSettings['SmsConfiguration']): Refusal | undefined =>
  sms && Boolean(sms.SnsCallerArn) === Boolean(sms.EumsSms)
    ? invalid('SmsConfiguration must have exactly one of SnsCallerArn and EumsSms.')
    : undefined

const hasOtherFactor = ({ SoftwareTokenMfaConfiguration: token, EmailMfaConfiguration: email }: UserPoolSettings) =>
  token?.Enabled === true || email !== undefined

/**
 * Why settings do not fit the second factors of the pool, by whichever operation they come; undefined when they do: it cannot
 * be off while it has factors, and a code by e-mail is none where e-mail alone resets the password
 * (docs/reference/user-pools.md 3.3 MFA, 5.6).
 */
export function mfaRefusal(settings: UserPoolSettings): Refusal | undefined {
  const { MfaConfiguration: mfa = 'OFF', EmailMfaConfiguration: email, AccountRecoverySetting: recovery } = settings
  if (mfa === 'OFF' && hasOtherFactor(settings))
    return invalid("Invalid MFA configuration given, can't turn off MFA and configure an MFA together.")
  const mechanisms = recovery?.RecoveryMechanisms ?? []
  return email && mechanisms.length > 0 && mechanisms.every(({ Name }) => Name === 'verified_email')
    ? invalid(
        'Invalid account recovery setting parameter. Account Recovery Setting cannot use verified_email as the only recovery mechanism when Email MFA is configured.',
      )
    : undefined
}

// An address, or a name and an address in angle brackets.
const SENDER = /^[^<>@\s]+@[^<>@\s]+$|^[^<>\r\n]*<[^<>@\s]+@[^<>@\s]+>$/

function emailRefusal({ EmailConfiguration: email }: ReplaceableMembers): Refusal | undefined {
  if (email?.EmailSendingAccount === 'DEVELOPER' && email.SourceArn === undefined) {
    return invalid('Source ARN is required to use DEVELOPER email sending owner')
  }
  return email?.From !== undefined && !SENDER.test(email.From)
    ? invalid('Provided From email address is invalid')
    : undefined
}

function lambdaRefusal({ LambdaConfig: triggers = {} }: ReplaceableMembers): Refusal | undefined {
  const { PreTokenGeneration: older, PreTokenGenerationConfig: newer } = triggers
  if (older !== undefined && newer && older !== newer.LambdaArn) {
    return invalid("Cannot use PreTokenGenerationLambda and PreTokenGeneration with different Lambda function ARN's")
  }
  return (triggers.CustomSMSSender || triggers.CustomEmailSender) && triggers.KMSKeyID === undefined
    ? invalid('KMSKeyId parameter is required when Custom SMS/Email Lambda trigger is used.')
    : undefined
}

const keyRefusal = ({ KeyConfiguration: key }: ReplaceableMembers): Refusal | undefined =>
  key && (key.KeyType === 'CUSTOMER_MANAGED_KEY') !== (key.KmsKeyArn !== undefined)
    ? invalid('KmsKeyArn is required with the key type CUSTOMER_MANAGED_KEY and not allowed with any other.')
    : undefined

function taggingRefusal(tags: Readonly<Record<string, string>>): Refusal<'UserPoolTaggingException'> | undefined {
  const message = tagProblem(tags) ?? cognomenTagProblem(tags)
  return message === undefined ? undefined : { refused: 'UserPoolTaggingException', message }
}
