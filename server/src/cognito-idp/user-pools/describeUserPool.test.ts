import {
  CreateUserPoolCommand,
  DescribeUserPoolCommand,
  type SchemaAttributeType,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { engines, expectRefusal, makePool, makeUser, useTestServer } from '../../../test/harness.ts'

const text = (Name: string, MinLength = '0', MaxLength = '2048'): SchemaAttributeType => ({
  Name,
  AttributeDataType: 'String',
  DeveloperOnlyAttribute: false,
  Mutable: true,
  Required: false,
  StringAttributeConstraints: { MinLength, MaxLength },
})
const flag = (Name: string): SchemaAttributeType => ({
  Name,
  AttributeDataType: 'Boolean',
  DeveloperOnlyAttribute: false,
  Mutable: true,
  Required: false,
})

describe.each(engines)('DescribeUserPool on %s', (engine) => {
  const server = useTestServer({ engine })
  const describePool = async (UserPoolId: string) =>
    (await server.admin.send(new DescribeUserPoolCommand({ UserPoolId }))).UserPool

  it('shows exactly the defaults of a pool of which only the name was given', async () => {
    const { UserPool: created } = await server.admin.send(new CreateUserPoolCommand({ PoolName: 'plain' }))
    const pool = await describePool(created?.Id as string)
    expect(pool).toStrictEqual(created)
    const { Id, Arn, CreationDate, LastModifiedDate, ...rest } = pool as NonNullable<typeof pool>
    expect(rest).toStrictEqual({
      Name: 'plain',
      Policies: {
        PasswordPolicy: {
          MinimumLength: 8,
          RequireUppercase: true,
          RequireLowercase: true,
          RequireNumbers: true,
          RequireSymbols: true,
          TemporaryPasswordValidityDays: 7,
        },
        SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD'] },
      },
      DeletionProtection: 'INACTIVE',
      LambdaConfig: {},
      SchemaAttributes: [
        { ...text('sub', '1'), Mutable: false, Required: true },
        ...['name', 'given_name', 'family_name', 'middle_name', 'nickname'].map((name) => text(name)),
        ...['preferred_username', 'profile', 'picture', 'website', 'email'].map((name) => text(name)),
        flag('email_verified'),
        text('gender'),
        text('birthdate', '10', '10'),
        ...['zoneinfo', 'locale', 'phone_number'].map((name) => text(name)),
        flag('phone_number_verified'),
        text('address'),
        {
          Name: 'updated_at',
          AttributeDataType: 'Number',
          DeveloperOnlyAttribute: false,
          Mutable: true,
          Required: false,
          NumberAttributeConstraints: { MinValue: '0' },
        },
      ],
      VerificationMessageTemplate: { DefaultEmailOption: 'CONFIRM_WITH_CODE' },
      MfaConfiguration: 'OFF',
      EstimatedNumberOfUsers: 0,
      EmailConfiguration: { EmailSendingAccount: 'COGNITO_DEFAULT' },
      UserPoolTags: {},
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: false, UnusedAccountValidityDays: 7 },
      UserPoolTier: 'ESSENTIALS',
    })
  })

  it('counts users', async () => {
    const { Id } = await makePool(server)
    await makeUser(server, Id, 'ada')
    await makeUser(server, Id, 'bob')
    expect((await describePool(Id))?.EstimatedNumberOfUsers).toBe(2)
  })

  it('names the levels of assurance that a pool does not name itself', async () => {
    const { Id } = await makePool(server, { AcrConfiguration: { Level2: { AcrValue: 'two' } } })
    expect((await describePool(Id))?.AcrConfiguration).toEqual({
      Level1: { AcrValue: 'urn:cognito:loa:1' },
      Level2: { AcrValue: 'two' },
      Level3: { AcrValue: 'urn:cognito:loa:3' },
      Level4: { AcrValue: 'urn:cognito:loa:4' },
    })
  })

  it('refuses a pool that does not exist', () =>
    expectRefusal(
      describePool('us-east-1_nothere12'),
      'ResourceNotFoundException',
      'User pool us-east-1_nothere12 does not exist.',
    ))

  it('refuses callers that do not sign', async () => {
    const { Id } = await makePool(server)
    const answer = await server.raw('DescribeUserPool', { UserPoolId: Id })
    expect(answer.json.__type).toBe('MissingAuthenticationTokenException')
  })
})
