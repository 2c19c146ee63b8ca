// Turns the members of CreateUserPool and UpdateUserPool into the settings that are stored: adds defaults, and fills
// the members that exist under two names. Which members are valid is decided by pool-rules.ts. Pure.
// docs/reference/user-pools.md 5.4, 5.5, 5.6.
import type { CreateUserPoolRequest, UpdateUserPoolRequest } from '../../contract/cognito-idp.types.ts'
import type { UserPoolSettings } from './pool-settings.ts'
import { mergeSchema } from './schema-rules.ts'

/** What UpdateUserPool replaces: the members that both requests have, except the name. */
export type ReplaceableMembers = Omit<UpdateUserPoolRequest, 'UserPoolId' | 'PoolName'>

const replaceable: Readonly<Record<keyof ReplaceableMembers, true>> = {
  Policies: true,
  DeletionProtection: true,
  LambdaConfig: true,
  AutoVerifiedAttributes: true,
  SmsVerificationMessage: true,
  EmailVerificationMessage: true,
  EmailVerificationSubject: true,
  VerificationMessageTemplate: true,
  SmsAuthenticationMessage: true,
  UserAttributeUpdateSettings: true,
  MfaConfiguration: true,
  DeviceConfiguration: true,
  EmailConfiguration: true,
  SmsConfiguration: true,
  UserPoolTags: true,
  AdminCreateUserConfig: true,
  UserPoolAddOns: true,
  AccountRecoverySetting: true,
  UserPoolTier: true,
  KeyConfiguration: true,
  IssuerConfiguration: true,
  DcrConfiguration: true,
  AcrConfiguration: true,
}

/** The settings of a new pool. */
export const newPoolSettings = (input: CreateUserPoolRequest, region: string): UserPoolSettings =>
  withoutUndefined({
    Name: input.PoolName,
    SchemaAttributes: mergeSchema(input.Schema ?? []),
    AliasAttributes: unlessEmpty(input.AliasAttributes),
    UsernameAttributes: unlessEmpty(input.UsernameAttributes),
    UsernameConfiguration: input.UsernameConfiguration,
    ...replaceableSettings(input, region),
  })

/**
 * The settings after UpdateUserPool: every member of its request is replaced, by the default when the member is absent.
 * Settings that the request has no member for are kept, and so are the name and DcrConfiguration when absent.
 */
export function updatedPoolSettings(
  current: UserPoolSettings,
  input: UpdateUserPoolRequest,
  region: string,
): UserPoolSettings {
  const kept = Object.fromEntries(
    Object.entries(current).filter(([member]) => !Object.hasOwn(replaceable, member)),
  ) as unknown as UserPoolSettings
  return withoutUndefined({
    ...kept,
    Name: input.PoolName ?? current.Name,
    ...replaceableSettings({ ...input, DcrConfiguration: input.DcrConfiguration ?? current.DcrConfiguration }, region),
  })
}

function replaceableSettings(input: ReplaceableMembers, region: string): ReplaceableMembers {
  return {
    Policies: policies(input.Policies),
    DeletionProtection: input.DeletionProtection ?? 'INACTIVE',
    LambdaConfig: lambdaConfig(input.LambdaConfig ?? {}),
    AutoVerifiedAttributes: unlessEmpty(input.AutoVerifiedAttributes),
    ...verificationMessages(input),
    SmsAuthenticationMessage: input.SmsAuthenticationMessage,
    UserAttributeUpdateSettings: input.UserAttributeUpdateSettings,
    MfaConfiguration: input.MfaConfiguration ?? 'OFF',
    DeviceConfiguration: input.DeviceConfiguration && {
      ChallengeRequiredOnNewDevice: false,
      DeviceOnlyRememberedOnUserPrompt: false,
      ...input.DeviceConfiguration,
    },
    EmailConfiguration: { EmailSendingAccount: 'COGNITO_DEFAULT', ...input.EmailConfiguration },
    SmsConfiguration: smsConfiguration(input.SmsConfiguration, region),
    UserPoolTags: { ...input.UserPoolTags },
    AdminCreateUserConfig: { AllowAdminCreateUserOnly: false, ...input.AdminCreateUserConfig },
    UserPoolAddOns: input.UserPoolAddOns,
    // An empty setting is stored as none: it brings back the older order of recovery (LEGACY_ORDER in
    // recovery-rules.ts).
    AccountRecoverySetting: input.AccountRecoverySetting?.RecoveryMechanisms && input.AccountRecoverySetting,
    UserPoolTier: input.UserPoolTier ?? 'ESSENTIALS',
    KeyConfiguration: input.KeyConfiguration,
    IssuerConfiguration: input.IssuerConfiguration,
    DcrConfiguration: input.DcrConfiguration && {
      EnableStatus: 'Enabled',
      OpenDcrEnabled: false,
      AuthenticatedGrantTypes: ['code', 'client_credentials'],
      OpenDcrGrantTypes: ['code'],
      ...input.DcrConfiguration,
    },
    AcrConfiguration: input.AcrConfiguration && { ...input.AcrConfiguration },
  }
}

// TemporaryPasswordValidityDays is stored only when it was sent: it then rules out UnusedAccountValidityDays for good
// (docs/reference/user-pools.md 5.6). What responses show when it is not stored is in pool-type.ts.
function policies(given: ReplaceableMembers['Policies']): ReplaceableMembers['Policies'] {
  const flags = given?.PasswordPolicy
    ? { RequireUppercase: false, RequireLowercase: false, RequireNumbers: false, RequireSymbols: false }
    : { RequireUppercase: true, RequireLowercase: true, RequireNumbers: true, RequireSymbols: true }
  return {
    PasswordPolicy: { MinimumLength: 8, ...flags, ...given?.PasswordPolicy },
    SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD'], ...given?.SignInPolicy },
  }
}

// The pre-token-generation trigger has two members: either fills the other (docs/reference/user-pools.md 13.1).
function lambdaConfig(given: NonNullable<ReplaceableMembers['LambdaConfig']>): ReplaceableMembers['LambdaConfig'] {
  const { PreTokenGeneration, PreTokenGenerationConfig } = given
  if (PreTokenGenerationConfig)
    return { ...given, PreTokenGeneration: PreTokenGeneration ?? PreTokenGenerationConfig.LambdaArn }
  if (PreTokenGeneration === undefined) return { ...given }
  return { ...given, PreTokenGenerationConfig: { LambdaVersion: 'V1_0', LambdaArn: PreTokenGeneration } }
}

// Each verification message has an older member and one in the template; when only one of the two is sent, it fills the
// other (docs/reference/user-pools.md 5.5).
function verificationMessages(input: ReplaceableMembers): ReplaceableMembers {
  const template = input.VerificationMessageTemplate ?? {}
  return {
    SmsVerificationMessage: input.SmsVerificationMessage ?? template.SmsMessage,
    EmailVerificationMessage: input.EmailVerificationMessage ?? template.EmailMessage,
    EmailVerificationSubject: input.EmailVerificationSubject ?? template.EmailSubject,
    VerificationMessageTemplate: withoutUndefined({
      ...template,
      SmsMessage: template.SmsMessage ?? input.SmsVerificationMessage,
      EmailMessage: template.EmailMessage ?? input.EmailVerificationMessage,
      EmailSubject: template.EmailSubject ?? input.EmailVerificationSubject,
      DefaultEmailOption: template.DefaultEmailOption ?? 'CONFIRM_WITH_CODE',
    }),
  }
}

/** SmsConfiguration as it is stored. */
export function smsConfiguration(
  given: ReplaceableMembers['SmsConfiguration'],
  region: string,
): ReplaceableMembers['SmsConfiguration'] {
  if (!given) return undefined
  // With EumsSms, SnsCallerArn is only allowed to be empty, and is left out.
  const { SnsCallerArn, ...others } = given
  if (given.EumsSms) return { ...others, EumsSms: { ...given.EumsSms, Region: given.EumsSms.Region ?? region } }
  return { ...given, SnsRegion: given.SnsRegion ?? region }
}

/**
 * The list without duplicates; undefined when empty, as responses leave unset lists out
 * (docs/reference/user-pools.md 1.2).
 */
export const unlessEmpty = <T>(list: readonly T[] | undefined): T[] | undefined =>
  list === undefined || list.length === 0 ? undefined : [...new Set(list)]

const withoutUndefined = <T extends object>(members: T): T =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as T
