import {
  DescribeUserPoolCommand,
  UpdateUserPoolCommand,
  type UpdateUserPoolCommandInput,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { engines, expectRefusal, makePool, useTestServer } from '../../../test/harness.ts'

const SMS = { SnsCallerArn: 'arn:aws:iam::123456789012:role/sender' }
const LAMBDA = 'arn:aws:lambda:us-east-1:123456789012:function:trigger'

describe.each(engines)('UpdateUserPool on %s', (engine) => {
  const server = useTestServer({ engine })
  const describePool = async (UserPoolId: string) => {
    const { UserPool } = await server.admin.send(new DescribeUserPoolCommand({ UserPoolId }))
    return UserPool as NonNullable<typeof UserPool>
  }
  const update = (UserPoolId: string, input: Omit<UpdateUserPoolCommandInput, 'UserPoolId'> = {}) =>
    server.admin.send(new UpdateUserPoolCommand({ UserPoolId, ...input }))

  it('answers with an empty object and shows the change at once', async () => {
    const pool = await makePool(server)
    const { $metadata, ...answer } = await update(pool.Id, { PoolName: 'renamed', AutoVerifiedAttributes: ['email'] })
    expect($metadata.httpStatusCode).toBe(200)
    expect(answer).toEqual({})
    const after = await describePool(pool.Id)
    expect(after).toMatchObject({ Name: 'renamed', AutoVerifiedAttributes: ['email'] })
    expect(after.CreationDate).toEqual(pool.CreationDate)
    expect(after.LastModifiedDate?.getTime()).toBeGreaterThanOrEqual(pool.LastModifiedDate?.getTime() as number)
  })

  it('sets every member that is not sent to its default', async () => {
    const plain = await makePool(server, { PoolName: 'same' })
    const full = await makePool(server, {
      PoolName: 'same',
      Policies: {
        PasswordPolicy: { MinimumLength: 20, TemporaryPasswordValidityDays: 3 },
        SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP'] },
      },
      DeletionProtection: 'ACTIVE',
      LambdaConfig: { PreSignUp: LAMBDA },
      AutoVerifiedAttributes: ['email'],
      SmsVerificationMessage: 'sms {####}',
      EmailVerificationMessage: 'mail {####}',
      EmailVerificationSubject: 'subject',
      VerificationMessageTemplate: { DefaultEmailOption: 'CONFIRM_WITH_LINK' },
      SmsAuthenticationMessage: 'mfa {####}',
      UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ['email'] },
      MfaConfiguration: 'OPTIONAL',
      DeviceConfiguration: { ChallengeRequiredOnNewDevice: true },
      EmailConfiguration: { ReplyToEmailAddress: 'a@example.com' },
      SmsConfiguration: SMS,
      UserPoolTags: { stage: 'test' },
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
      UserPoolAddOns: { AdvancedSecurityMode: 'AUDIT' },
      AccountRecoverySetting: { RecoveryMechanisms: [{ Name: 'admin_only', Priority: 1 }] },
      UserPoolTier: 'PLUS',
      KeyConfiguration: { KeyType: 'AWS_OWNED_KEY' },
      IssuerConfiguration: { Type: 'UPDATED' },
      AcrConfiguration: { Level1: { AcrValue: 'one' } },
    })
    await update(full.Id)
    const own = {
      Id: plain.Id,
      Arn: plain.Arn,
      CreationDate: plain.CreationDate,
      LastModifiedDate: plain.LastModifiedDate,
    }
    expect({ ...(await describePool(full.Id)), ...own }).toStrictEqual(plain)
  })

  it('keeps what it has no member for, the name, and dynamic registration', async () => {
    const { Id } = await makePool(server, {
      PoolName: 'kept',
      AliasAttributes: ['email'],
      UsernameConfiguration: { CaseSensitive: false },
      Schema: [{ Name: 'plan', AttributeDataType: 'String' }],
      DcrConfiguration: { AllowedScopes: ['openid'] },
    })
    const before = await describePool(Id)
    await update(Id, { MfaConfiguration: 'OFF' })
    expect(await describePool(Id)).toStrictEqual({ ...before, LastModifiedDate: expect.any(Date) })
    expect(before).toMatchObject({
      Name: 'kept',
      AliasAttributes: ['email'],
      UsernameConfiguration: { CaseSensitive: false },
    })
    expect(before.DcrConfiguration?.AllowedScopes).toEqual(['openid'])
  })

  it('resets the first factors when only a password policy is sent', async () => {
    const { Id } = await makePool(server, {
      Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'WEB_AUTHN'] } },
    })
    await update(Id, { Policies: { PasswordPolicy: { MinimumLength: 9 } } })
    const { Policies } = await describePool(Id)
    expect(Policies?.SignInPolicy).toEqual({ AllowedFirstAuthFactors: ['PASSWORD'] })
    expect(Policies?.PasswordPolicy).toEqual({
      MinimumLength: 9,
      RequireUppercase: false,
      RequireLowercase: false,
      RequireNumbers: false,
      RequireSymbols: false,
      TemporaryPasswordValidityDays: 7,
    })
  })

  it('refuses the older member for temporary passwords once the newer one was used', async () => {
    const text = 'Please use TemporaryPasswordValidityDays in PasswordPolicy instead of UnusedAccountValidityDays'
    const { Id } = await makePool(server)
    const older = { AdminCreateUserConfig: { UnusedAccountValidityDays: 30 } }
    const newer = { Policies: { PasswordPolicy: { TemporaryPasswordValidityDays: 30 } } }
    await update(Id, older)
    const described = await describePool(Id)
    expect(described.AdminCreateUserConfig?.UnusedAccountValidityDays).toBe(30)
    expect(described.Policies?.PasswordPolicy?.TemporaryPasswordValidityDays).toBe(30)
    await expectRefusal(update(Id, { ...older, ...newer }), 'InvalidParameterException', text)
    await update(Id, newer)
    await expectRefusal(update(Id, older), 'InvalidParameterException', text)
    // 0 is how tools leave the older one out.
    await update(Id, { AdminCreateUserConfig: { UnusedAccountValidityDays: 0 } })
  })

  it('refuses what CreateUserPool refuses, and changes nothing then', async () => {
    const { Id } = await makePool(server)
    const before = await describePool(Id)
    await expectRefusal(
      update(Id, { MfaConfiguration: 'ON', PoolName: 'other' }),
      'InvalidParameterException',
      'SMS configuration and Auto verification for phone_number are required when MFA is required/optional',
    )
    await expectRefusal(
      update(Id, { UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ['email'] } }),
      'InvalidParameterException',
      'All attributes in AttributesRequireVerificationBeforeUpdate must exist in AutoVerifiedAttributes',
    )
    await expectRefusal(
      update(Id, { UserPoolTags: { 'aws:x': '' } }),
      'UserPoolTaggingException',
      "Tag key 'aws:x' is not allowed: keys that begin with aws: are reserved for system use.",
    )
    expect(await describePool(Id)).toStrictEqual(before)
  })

  it('changes the tier both ways, but not below the features in use', async () => {
    const { Id } = await makePool(server, { UserPoolTier: 'PLUS', UserPoolAddOns: { AdvancedSecurityMode: 'AUDIT' } })
    const text = (tier: string) =>
      `The following features need to be disabled for the ${tier} pricing tier configured: Threat Protection`
    const audited = { UserPoolAddOns: { AdvancedSecurityMode: 'AUDIT' } } as const
    await expectRefusal(update(Id, { UserPoolTier: 'LITE', ...audited }), 'TierChangeNotAllowedException', text('LITE'))
    await update(Id, { UserPoolTier: 'LITE' })
    expect((await describePool(Id)).UserPoolTier).toBe('LITE')
    await expectRefusal(
      update(Id, { UserPoolTier: 'ESSENTIALS', ...audited }),
      'FeatureUnavailableInTierException',
      text('ESSENTIALS'),
    )
    await update(Id, { UserPoolTier: 'PLUS', ...audited })
    expect((await describePool(Id)).UserPoolTier).toBe('PLUS')
  })

  it('refuses a pool that does not exist', () =>
    expectRefusal(
      update('us-east-1_nothere12'),
      'ResourceNotFoundException',
      'User pool us-east-1_nothere12 does not exist.',
    ))

  it('refuses callers that do not sign', async () => {
    const { Id } = await makePool(server)
    const answer = await server.raw('UpdateUserPool', { UserPoolId: Id })
    expect(answer.json.__type).toBe('MissingAuthenticationTokenException')
  })
})
