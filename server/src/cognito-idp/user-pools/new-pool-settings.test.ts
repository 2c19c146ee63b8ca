import { describe, expect, it } from 'vitest'
import type { CreateUserPoolRequest } from '../../contract/cognito-idp.types.ts'
import { temporaryPasswordDays } from '../users/password-rules.ts'
import { newPoolSettings, updatedPoolSettings } from './new-pool-settings.ts'

const REGION = 'eu-central-1'
const LAMBDA = 'arn:aws:lambda:us-east-1:123456789012:function:trigger'
const settings = (members: Partial<CreateUserPoolRequest> = {}) =>
  newPoolSettings({ PoolName: 'x', ...members }, REGION)

describe('the settings of a pool', () => {
  it('have no member that is undefined', () => {
    expect(Object.values(settings())).not.toContain(undefined)
    expect(Object.values(updatedPoolSettings(settings(), { UserPoolId: 'x' }, REGION))).not.toContain(undefined)
  })

  it('fill a password policy that is given in part with the loosest', () => {
    expect(settings({ Policies: { PasswordPolicy: { RequireNumbers: true } } }).Policies?.PasswordPolicy).toEqual({
      MinimumLength: 8,
      RequireUppercase: false,
      RequireLowercase: false,
      RequireNumbers: true,
      RequireSymbols: false,
    })
    expect(settings({ Policies: {} }).Policies).toEqual(settings().Policies)
  })

  it('take the life of temporary passwords from either member', () => {
    expect(temporaryPasswordDays(settings())).toBe(7)
    expect(temporaryPasswordDays(settings({ AdminCreateUserConfig: { UnusedAccountValidityDays: 30 } }))).toBe(30)
    expect(temporaryPasswordDays(settings({ AdminCreateUserConfig: { UnusedAccountValidityDays: 0 } }))).toBe(7)
    const days = (TemporaryPasswordValidityDays: number) =>
      temporaryPasswordDays(settings({ Policies: { PasswordPolicy: { TemporaryPasswordValidityDays } } }))
    expect([days(3), days(0)]).toEqual([3, 7])
  })

  it('fill either name of a message with the other', () => {
    const message = { EmailMessage: 'm {####}', EmailSubject: 's', SmsMessage: 'n {####}' }
    const older = {
      EmailVerificationMessage: 'm {####}',
      EmailVerificationSubject: 's',
      SmsVerificationMessage: 'n {####}',
    }
    const both = { ...older, VerificationMessageTemplate: { ...message, DefaultEmailOption: 'CONFIRM_WITH_CODE' } }
    expect(settings(older)).toMatchObject(both)
    expect(settings({ VerificationMessageTemplate: message })).toMatchObject(both)
  })

  it('keep both names of a message when they say different things', () => {
    const different = settings({
      SmsVerificationMessage: 'a {####}',
      VerificationMessageTemplate: { SmsMessage: 'b {####}' },
    })
    expect(different.SmsVerificationMessage).toBe('a {####}')
    expect(different.VerificationMessageTemplate?.SmsMessage).toBe('b {####}')
  })

  it('fill either name of the trigger for tokens with the other', () => {
    const first = { PreTokenGeneration: LAMBDA, PreTokenGenerationConfig: { LambdaVersion: 'V1_0', LambdaArn: LAMBDA } }
    expect(settings({ LambdaConfig: { PreTokenGeneration: LAMBDA } }).LambdaConfig).toEqual(first)
    const config = { LambdaVersion: 'V2_0', LambdaArn: LAMBDA } as const
    expect(settings({ LambdaConfig: { PreTokenGenerationConfig: config } }).LambdaConfig).toEqual({
      PreTokenGeneration: LAMBDA,
      PreTokenGenerationConfig: config,
    })
  })

  it('fill the region of SMS, and leave out an empty sender', () => {
    const arn = 'arn:aws:iam::123456789012:role/sender'
    const sms = (given: CreateUserPoolRequest['SmsConfiguration']) =>
      settings({ SmsConfiguration: given }).SmsConfiguration
    expect(sms({ SnsCallerArn: arn })).toEqual({ SnsCallerArn: arn, SnsRegion: REGION })
    expect(sms({ SnsCallerArn: arn, SnsRegion: 'us-west-2' })?.SnsRegion).toBe('us-west-2')
    expect(sms({ SnsCallerArn: '', EumsSms: { CallerArn: arn } })).toEqual({
      EumsSms: { CallerArn: arn, Region: REGION },
    })
  })

  it('fill what is not said of devices and registration', () => {
    expect(settings({ DeviceConfiguration: {} }).DeviceConfiguration).toEqual({
      ChallengeRequiredOnNewDevice: false,
      DeviceOnlyRememberedOnUserPrompt: false,
    })
    expect(settings({ DcrConfiguration: {} }).DcrConfiguration).toEqual({
      EnableStatus: 'Enabled',
      OpenDcrEnabled: false,
      AuthenticatedGrantTypes: ['code', 'client_credentials'],
      OpenDcrGrantTypes: ['code'],
    })
  })

  it('leave out lists that are empty, values that are there twice, and an empty way of recovery', () => {
    const pool = settings({
      AutoVerifiedAttributes: [],
      AliasAttributes: ['email', 'email'],
      AccountRecoverySetting: {},
    })
    expect(pool).not.toHaveProperty('AutoVerifiedAttributes')
    expect(pool).not.toHaveProperty('AccountRecoverySetting')
    expect(pool.AliasAttributes).toEqual(['email'])
  })
})

describe('an update', () => {
  it('keeps settings that it knows nothing of', () => {
    const current = { ...settings(), Domain: 'prefix', SomethingNewer: { on: true } }
    expect(updatedPoolSettings(current, { UserPoolId: 'x' }, REGION)).toEqual(current)
  })

  it('replaces registration when it is sent, whole', () => {
    const current = settings({ DcrConfiguration: { OpenDcrEnabled: true, AllowedScopes: ['openid'] } })
    const updated = updatedPoolSettings(
      current,
      { UserPoolId: 'x', DcrConfiguration: { EnableStatus: 'Disabled' } },
      REGION,
    )
    expect(updated.DcrConfiguration).toMatchObject({ EnableStatus: 'Disabled', OpenDcrEnabled: false })
    expect(updated.DcrConfiguration).not.toHaveProperty('AllowedScopes')
  })
})
