import { CreateUserPoolCommand, type CreateUserPoolCommandInput } from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { engines, expectRefusal, startTestServer, useTestServer } from '../../../test/harness.ts'
import { postgresUrl } from '../../../test/postgres.ts'
import { openDatabase } from '../../database/open.ts'
import { newPoolSettings } from './new-pool-settings.ts'
import { insertPool } from './pool-store.ts'

const ARN = 'arn:aws:iam::123456789012:role/sender'
const LAMBDA = 'arn:aws:lambda:us-east-1:123456789012:function:trigger'

describe.each(engines)('CreateUserPool on %s', (engine) => {
  const server = useTestServer({ engine })
  const create = (input: Partial<CreateUserPoolCommandInput> = {}) =>
    server.admin.send(new CreateUserPoolCommand({ PoolName: 'my pool', ...input }))

  it('answers with an id and an ARN of this region and account', async () => {
    const before = Date.now()
    const { UserPool } = await create()
    expect(UserPool?.Id).toMatch(/^us-east-1_[0-9A-Za-z]{9}$/)
    expect(UserPool?.Arn).toBe(`arn:aws:cognito-idp:us-east-1:${server.accountId}:userpool/${UserPool?.Id}`)
    expect(UserPool?.CreationDate).toEqual(UserPool?.LastModifiedDate)
    expect(UserPool?.CreationDate?.getTime()).toBeGreaterThanOrEqual(before - 1)
    expect(UserPool?.EstimatedNumberOfUsers).toBe(0)
  })

  it('allows the same name again', async () => {
    const [one, other] = await Promise.all([create(), create()])
    expect(one.UserPool?.Id).not.toBe(other.UserPool?.Id)
  })
})

describe('CreateUserPool', () => {
  const server = useTestServer()
  const create = (input: Partial<CreateUserPoolCommandInput> = {}) =>
    server.admin.send(new CreateUserPoolCommand({ PoolName: 'my pool', ...input }))

  it('keeps every member that is sent', async () => {
    const members = {
      Policies: {
        PasswordPolicy: {
          MinimumLength: 12,
          RequireUppercase: true,
          RequireLowercase: false,
          RequireNumbers: true,
          RequireSymbols: false,
          PasswordHistorySize: 5,
          TemporaryPasswordValidityDays: 30,
        },
        SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP', 'WEB_AUTHN'] },
      },
      DeletionProtection: 'ACTIVE',
      LambdaConfig: {
        PreSignUp: LAMBDA,
        PreTokenGenerationConfig: { LambdaVersion: 'V2_0', LambdaArn: LAMBDA },
        PreTokenGeneration: LAMBDA,
        CustomEmailSender: { LambdaVersion: 'V1_0', LambdaArn: LAMBDA },
        KMSKeyID: 'arn:aws:kms:us-east-1:123456789012:key/one',
      },
      AutoVerifiedAttributes: ['email', 'phone_number'],
      AliasAttributes: ['email', 'preferred_username'],
      SmsVerificationMessage: 'code {####}',
      EmailVerificationMessage: 'mail {####}',
      EmailVerificationSubject: 'subject',
      VerificationMessageTemplate: {
        SmsMessage: 'other code {####}',
        EmailMessage: 'other mail {####}',
        EmailSubject: 'other subject',
        EmailMessageByLink: 'press {##here##}',
        EmailSubjectByLink: 'press',
        DefaultEmailOption: 'CONFIRM_WITH_LINK',
      },
      SmsAuthenticationMessage: 'mfa {####}',
      MfaConfiguration: 'OPTIONAL',
      UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ['email'] },
      DeviceConfiguration: { ChallengeRequiredOnNewDevice: true, DeviceOnlyRememberedOnUserPrompt: true },
      EmailConfiguration: {
        EmailSendingAccount: 'DEVELOPER',
        SourceArn: 'arn:aws:ses:us-east-1:123456789012:identity/a@example.com',
        ReplyToEmailAddress: 'reply@example.com',
        From: 'Us <a@example.com>',
        ConfigurationSet: 'set',
      },
      SmsConfiguration: { SnsCallerArn: ARN, ExternalId: 'external', SnsRegion: 'us-east-1' },
      UserPoolTags: { stage: 'test', __proto__x: '1' },
      AdminCreateUserConfig: {
        AllowAdminCreateUserOnly: true,
        InviteMessageTemplate: {
          EmailMessage: '{username} {####}',
          EmailSubject: 'hi',
          SMSMessage: '{username} {####}',
        },
      },
      UserPoolAddOns: { AdvancedSecurityMode: 'AUDIT', AdvancedSecurityAdditionalFlows: { CustomAuthMode: 'AUDIT' } },
      UsernameConfiguration: { CaseSensitive: false },
      AccountRecoverySetting: {
        RecoveryMechanisms: [
          { Name: 'verified_phone_number', Priority: 2 },
          { Name: 'verified_email', Priority: 1 },
        ],
      },
      UserPoolTier: 'PLUS',
      KeyConfiguration: { KeyType: 'AWS_OWNED_KEY' },
      IssuerConfiguration: { Type: 'ORIGINAL' },
      DcrConfiguration: {
        EnableStatus: 'Disabled',
        OpenDcrEnabled: true,
        AuthenticatedGrantTypes: ['code'],
        OpenDcrGrantTypes: ['code'],
        AllowedScopes: ['openid'],
      },
    } satisfies Partial<CreateUserPoolCommandInput>
    const { UserPool } = await create(members)
    expect(UserPool).toMatchObject({
      ...members,
      AdminCreateUserConfig: { ...members.AdminCreateUserConfig, UnusedAccountValidityDays: 7 },
    })
  })

  it('takes tags with names of object members', async () => {
    const UserPoolTags = JSON.parse('{"__proto__":"a","constructor":"b"}')
    const { UserPool } = await create({ UserPoolTags })
    expect(JSON.stringify(UserPool?.UserPoolTags)).toBe('{"__proto__":"a","constructor":"b"}')
  })

  it('lists custom attributes after the standard ones', async () => {
    const { UserPool } = await create({
      Schema: [
        { Name: 'email', AttributeDataType: 'String', Required: true, Mutable: false },
        { Name: 'plan', AttributeDataType: 'String', StringAttributeConstraints: { MaxLength: '9' } },
        { Name: 'rank', AttributeDataType: 'Number', DeveloperOnlyAttribute: true, Mutable: false },
      ],
    })
    const names = UserPool?.SchemaAttributes?.map((attribute) => attribute.Name)
    expect(names?.slice(20)).toEqual(['custom:plan', 'dev:custom:rank'])
    expect(UserPool?.SchemaAttributes?.[10]).toMatchObject({ Name: 'email', Required: true, Mutable: false })
  })

  const refused: [string, Partial<CreateUserPoolCommandInput>, string, string][] = [
    [
      'aliases with username attributes',
      { AliasAttributes: ['email'], UsernameAttributes: ['phone_number'] },
      'InvalidParameterException',
      'Only one of the aliasAttributes or usernameAttributes can be set in a User pool.',
    ],
    [
      'a required custom attribute',
      { Schema: [{ Name: 'x', AttributeDataType: 'String', Required: true }] },
      'InvalidParameterException',
      'Required custom attributes are not supported currently.',
    ],
    [
      'a second factor without SMS',
      { MfaConfiguration: 'ON' },
      'InvalidParameterException',
      'SMS configuration and Auto verification for phone_number are required when MFA is required/optional',
    ],
    [
      'a password shorter than six',
      { Policies: { PasswordPolicy: { MinimumLength: 5 } } },
      'InvalidParameterException',
      "1 validation error detected: Value '5' at 'policies.passwordPolicy.minimumLength' failed to satisfy constraint: Member must have value greater than or equal to 6",
    ],
    [
      'a reserved tag',
      { UserPoolTags: { 'aws:stage': 'x' } },
      'UserPoolTaggingException',
      "Tag key 'aws:stage' is not allowed: keys that begin with aws: are reserved for system use.",
    ],
    [
      'more than 50 tags',
      { UserPoolTags: Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`tag${n}`, ''])) },
      'UserPoolTaggingException',
      'A resource can not have more than 50 tags.',
    ],
    [
      'a feature of a higher tier',
      { UserPoolAddOns: { AdvancedSecurityMode: 'ENFORCED' } },
      'FeatureUnavailableInTierException',
      'The following features need to be disabled for the ESSENTIALS pricing tier configured: Threat Protection',
    ],
  ]
  it.each(refused)('refuses %s', (_, input, name, message) => expectRefusal(create(input), name, message))

  it('refuses callers that do not sign', async () => {
    const answer = await server.raw('CreateUserPool', { PoolName: 'x' })
    expect(answer.status).toBe(400)
    expect(answer.json.__type).toBe('MissingAuthenticationTokenException')
  })
})

describe('CreateUserPool with as many pools as an account can have', () => {
  it('refuses one more', async () => {
    const url = await postgresUrl()
    const server = await startTestServer({ env: { DATABASE_URL: url } })
    const database = await openDatabase({ engine: 'postgres', url, connections: 1 }, () => undefined)
    try {
      const settings = newPoolSettings({ PoolName: 'x' }, 'us-east-1')
      await database.transaction(async (db) => {
        for (let n = 0; n < 999; n++)
          await insertPool(db, {
            id: `us-east-1_${n}`,
            region: 'us-east-1',
            settings,
            createdAt: 0,
            updatedAt: 0,
            version: 1,
          })
      })
      const create = () => server.admin.send(new CreateUserPoolCommand({ PoolName: 'x' }))
      await create()
      await expectRefusal(create(), 'LimitExceededException', 'An account can not have more than 1000 user pools.')
    } finally {
      await database.close()
      await server.stop()
    }
  })
})
