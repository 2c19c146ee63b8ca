import { describe, expect, it } from 'vitest'
import type { CreateUserPoolRequest } from '../../contract/cognito-idp.types.ts'
import { newPoolSettings } from './new-pool-settings.ts'
import { newPoolRefusal } from './pool-rules.ts'

const SMS = { SnsCallerArn: 'arn:aws:iam::123456789012:role/sender' }
const LAMBDA = 'arn:aws:lambda:us-east-1:123456789012:function:trigger'
const KEY = 'arn:aws:kms:us-east-1:123456789012:key/one'
const EUMS = { EumsSms: { CallerArn: SMS.SnsCallerArn } }

type Members = Partial<CreateUserPoolRequest>
const refusal = (members: Members) => {
  const input = { PoolName: 'x', ...members }
  return newPoolRefusal(input, newPoolSettings(input, 'us-east-1'))
}
const recovery = (...names: ('verified_email' | 'verified_phone_number' | 'admin_only')[]): Members => ({
  AccountRecoverySetting: { RecoveryMechanisms: names.map((Name, n) => ({ Name, Priority: n + 1 })) },
})

describe('settings of a pool that are refused as InvalidParameterException', () => {
  const refused: [string, Members, string][] = [
    [
      'aliases and username attributes',
      { AliasAttributes: ['email'], UsernameAttributes: ['email'] },
      'Only one of the aliasAttributes or usernameAttributes can be set in a User pool.',
    ],
    [
      'two lives of a temporary password',
      {
        AdminCreateUserConfig: { UnusedAccountValidityDays: 7 },
        Policies: { PasswordPolicy: { TemporaryPasswordValidityDays: 7 } },
      },
      'Please use TemporaryPasswordValidityDays in PasswordPolicy instead of UnusedAccountValidityDays',
    ],
    [
      'first factors without the password',
      { Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['EMAIL_OTP'] } } },
      'Password should be configured as one of the allowed first auth factors.',
    ],
    [
      'an update held back for an attribute that is not verified',
      {
        AutoVerifiedAttributes: ['email'],
        UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ['email', 'phone_number'] },
      },
      'All attributes in AttributesRequireVerificationBeforeUpdate must exist in AutoVerifiedAttributes',
    ],
    [
      'recovery by the administrator and another way',
      recovery('admin_only', 'verified_email'),
      'Account Recovery Setting cannot use admin_only setting with any other recovery mechanisms.',
    ],
    [
      'the same way of recovery twice',
      recovery('verified_email', 'verified_email'),
      'Account Recovery Setting cannot have duplicate priorities or recovery mechanisms.',
    ],
    [
      'two ways of recovery of one priority',
      {
        AccountRecoverySetting: {
          RecoveryMechanisms: [
            { Name: 'verified_email', Priority: 1 },
            { Name: 'verified_phone_number', Priority: 1 },
          ],
        },
      },
      'Account Recovery Setting cannot have duplicate priorities or recovery mechanisms.',
    ],
    ...(['ON', 'OPTIONAL'] as const).map((MfaConfiguration): [string, Members, string] => [
      `a second factor ${MfaConfiguration} without SMS`,
      { MfaConfiguration, AutoVerifiedAttributes: ['email'] },
      'SMS configuration and Auto verification for phone_number are required when MFA is required/optional',
    ]),
    [
      'two senders of SMS',
      { SmsConfiguration: { ...SMS, ...EUMS } },
      'SmsConfiguration must have exactly one of SnsCallerArn and EumsSms.',
    ],
    [
      'no sender of SMS',
      { SmsConfiguration: { SnsCallerArn: '', ExternalId: 'x' } },
      'SmsConfiguration must have exactly one of SnsCallerArn and EumsSms.',
    ],
    [
      'an own sender of e-mail that is not named',
      { EmailConfiguration: { EmailSendingAccount: 'DEVELOPER' } },
      'Source ARN is required to use DEVELOPER email sending owner',
    ],
    ...['nobody', 'a b@example.com', 'Us <a@example.com', 'Us <x>', 'Us\r\nBcc: x <a@example.com>'].map(
      (From): [string, Members, string] => [
        `the sender ${JSON.stringify(From)}`,
        { EmailConfiguration: { From } },
        'Provided From email address is invalid',
      ],
    ),
    [
      'one trigger with two functions',
      {
        LambdaConfig: {
          PreTokenGeneration: LAMBDA,
          PreTokenGenerationConfig: { LambdaVersion: 'V1_0', LambdaArn: `${LAMBDA}2` },
        },
      },
      "Cannot use PreTokenGenerationLambda and PreTokenGeneration with different Lambda function ARN's",
    ],
    ...(['CustomSMSSender', 'CustomEmailSender'] as const).map((sender): [string, Members, string] => [
      `${sender} without a key`,
      { LambdaConfig: { [sender]: { LambdaVersion: 'V1_0', LambdaArn: LAMBDA } } },
      'KMSKeyId parameter is required when Custom SMS/Email Lambda trigger is used.',
    ]),
    [
      'a key of the customer that is not named',
      { KeyConfiguration: { KeyType: 'CUSTOMER_MANAGED_KEY' } },
      'KmsKeyArn is required with the key type CUSTOMER_MANAGED_KEY and not allowed with any other.',
    ],
    [
      'a named key of AWS',
      { KeyConfiguration: { KeyType: 'AWS_OWNED_KEY', KmsKeyArn: KEY } },
      'KmsKeyArn is required with the key type CUSTOMER_MANAGED_KEY and not allowed with any other.',
    ],
    [
      'an unknown level of assurance',
      { AcrConfiguration: { Level5: { AcrValue: 'five' } } },
      'AcrConfiguration has the unknown level Level5.',
    ],
    [
      'the name of a member of objects as a level of assurance',
      { AcrConfiguration: { constructor: { AcrValue: 'x' } } as never },
      'AcrConfiguration has the unknown level constructor.',
    ],
    ...['', 'a b', 'a"b', "a'b", 'a\\b', 'x'.repeat(65)].map((AcrValue): [string, Members, string] => [
      `the level of assurance ${JSON.stringify(AcrValue)}`,
      { AcrConfiguration: { Level1: { AcrValue } } },
      'An AcrValue must have 1 to 64 characters, without blanks, quotes and backslashes.',
    ]),
    [
      'a level of assurance with the default name of another',
      { AcrConfiguration: { Level1: { AcrValue: 'urn:cognito:loa:2' } } },
      'Every AcrValue of a user pool must be another one.',
    ],
  ]
  it.each(refused)('%s', (_, members, message) => {
    expect(refusal(members)).toEqual({ refused: 'InvalidParameterException', message })
  })
})

describe('settings of a pool that are allowed', () => {
  const allowed: [string, Members][] = [
    ['nothing but the name', {}],
    ['empty lists of both kinds of names', { AliasAttributes: [], UsernameAttributes: [] }],
    ['username attributes', { UsernameAttributes: ['email', 'phone_number'] }],
    ['UnusedAccountValidityDays alone', { AdminCreateUserConfig: { UnusedAccountValidityDays: 90 } }],
    ['recovery by the administrator alone', recovery('admin_only')],
    ['two ways of recovery', recovery('verified_phone_number', 'verified_email')],
    ['an empty way of recovery', { AccountRecoverySetting: {} }],
    ['a second factor with SMS', { MfaConfiguration: 'ON', SmsConfiguration: SMS }],
    ['a second factor with the newer SMS', { MfaConfiguration: 'OPTIONAL', SmsConfiguration: EUMS }],
    ['phone numbers verified without SMS', { AutoVerifiedAttributes: ['phone_number'] }],
    [
      'senders of e-mail',
      { EmailConfiguration: { EmailSendingAccount: 'DEVELOPER', SourceArn: KEY, From: '"Us, all" <a@example.com>' } },
    ],
    ['a bare sender', { EmailConfiguration: { From: 'a@example.com' } }],
    [
      'a custom sender with a key',
      { LambdaConfig: { CustomSMSSender: { LambdaVersion: 'V1_0', LambdaArn: LAMBDA }, KMSKeyID: KEY } },
    ],
    ['a key of the customer', { KeyConfiguration: { KeyType: 'CUSTOMER_MANAGED_KEY', KmsKeyArn: KEY } }],
    [
      'names for levels of assurance that are exchanged',
      {
        AcrConfiguration: { Level1: { AcrValue: 'urn:cognito:loa:2' }, Level2: { AcrValue: 'urn:cognito:loa:1' } },
      },
    ],
  ]
  it.each(allowed)('%s', (_, members) => {
    expect(refusal(members)).toBeUndefined()
  })
})
