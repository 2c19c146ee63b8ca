import {
  DescribeUserPoolCommand,
  GetUserPoolMfaConfigCommand,
  SetUserPoolMfaConfigCommand,
  type SetUserPoolMfaConfigCommandInput,
  UpdateUserPoolCommand,
  type UpdateUserPoolCommandInput,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { expectRefusal, makePool, useTestServer } from '../../../test/harness.ts'
import { MULTI_FACTOR } from '../../../test/passkeys.ts'
import { EMAIL, SMS, TOTP } from '../../../test/second-factors.ts'

const NEEDS_SMS = 'SMS configuration and Auto verification for phone_number are required when MFA is required/optional'
const OFF_AND_ON = "Invalid MFA configuration given, can't turn off MFA and configure an MFA together."
const NONE = 'At least one of [SmsMfaConfiguration] or [SoftwareTokenMfaConfiguration] must be provided.'

describe('SetUserPoolMfaConfig', () => {
  const server = useTestServer()
  const set = async (UserPoolId: string, input: Omit<SetUserPoolMfaConfigCommandInput, 'UserPoolId'>) => {
    const { $metadata, ...config } = await server.admin.send(new SetUserPoolMfaConfigCommand({ UserPoolId, ...input }))
    return config
  }
  const get = async (UserPoolId: string) => {
    const { $metadata, ...config } = await server.admin.send(new GetUserPoolMfaConfigCommand({ UserPoolId }))
    return config
  }
  const update = (UserPoolId: string, input: Omit<UpdateUserPoolCommandInput, 'UserPoolId'>) =>
    server.admin.send(new UpdateUserPoolCommand({ UserPoolId, ...input }))
  const describePool = async (UserPoolId: string) =>
    (await server.admin.send(new DescribeUserPoolCommand({ UserPoolId }))).UserPool

  it('answers what it stored, and replaces what was there', async () => {
    const { Id } = await makePool(server)
    const both = { MfaConfiguration: 'OPTIONAL', ...TOTP, EmailMfaConfiguration: { Subject: 'Hello' } } as const
    expect(await set(Id, both)).toEqual(both)
    expect(await get(Id)).toEqual(both)
    expect((await describePool(Id))?.MfaConfiguration).toBe('OPTIONAL')
    expect(await describePool(Id)).not.toHaveProperty('SoftwareTokenMfaConfiguration')
    expect(await set(Id, { MfaConfiguration: 'ON', ...TOTP })).toEqual({ MfaConfiguration: 'ON', ...TOTP })
    expect(await set(Id, {})).toEqual({ MfaConfiguration: 'OFF' })
    expect(await get(Id)).toEqual({ MfaConfiguration: 'OFF' })
  })

  it('shares the SMS settings of the pool, which stay when SMS is no factor', async () => {
    const { Id } = await makePool(server)
    const SmsMfaConfiguration = { SmsAuthenticationMessage: 'Code {####}', ...SMS }
    await set(Id, { MfaConfiguration: 'ON', SmsMfaConfiguration })
    const SmsConfiguration = { ...SMS.SmsConfiguration, SnsRegion: 'us-east-1' }
    expect(await describePool(Id)).toMatchObject({ SmsConfiguration, SmsAuthenticationMessage: 'Code {####}' })
    expect(await set(Id, { MfaConfiguration: 'ON', ...TOTP })).toEqual({ MfaConfiguration: 'ON', ...TOTP })
    expect(await describePool(Id)).toMatchObject({ SmsConfiguration })
    expect(await describePool(Id)).not.toHaveProperty('SmsMfaLeftOut')
    expect(await set(Id, { MfaConfiguration: 'OPTIONAL', SmsMfaConfiguration: {} })).toMatchObject({
      SmsMfaConfiguration: { SmsConfiguration },
    })
  })

  it.each<[string, Omit<SetUserPoolMfaConfigCommandInput, 'UserPoolId'>, string]>([
    ['required without a factor', { MfaConfiguration: 'ON' }, NONE],
    ['optional with passkeys alone', { MfaConfiguration: 'OPTIONAL', WebAuthnConfiguration: {} }, NONE],
    ['a factor that is not enabled', { MfaConfiguration: 'ON', SoftwareTokenMfaConfiguration: {} }, NONE],
    ['off, with a factor', { MfaConfiguration: 'OFF', ...TOTP }, OFF_AND_ON],
    ['absent, with a factor', TOTP, OFF_AND_ON],
    ['off, with a factor that is off', { SoftwareTokenMfaConfiguration: { Enabled: false } }, OFF_AND_ON],
    ['off, with e-mail', { MfaConfiguration: 'OFF', ...EMAIL }, OFF_AND_ON],
    ['off, with SMS', { MfaConfiguration: 'OFF', SmsMfaConfiguration: SMS }, OFF_AND_ON],
    ['SMS that nothing sends', { MfaConfiguration: 'ON', SmsMfaConfiguration: {} }, NEEDS_SMS],
    [
      'SMS without a sender',
      { MfaConfiguration: 'ON', SmsMfaConfiguration: { SmsConfiguration: {} as never } },
      'SmsConfiguration must have exactly one of SnsCallerArn and EumsSms.',
    ],
  ])('refuses %s', async (_, input, message) => {
    const { Id } = await makePool(server)
    await expectRefusal(set(Id, input), 'InvalidParameterException', message)
    expect(await get(Id)).toEqual({ MfaConfiguration: 'OFF' })
  })

  it('refuses e-mail where e-mail alone resets the password, whichever comes first', async () => {
    const message =
      'Invalid account recovery setting parameter. Account Recovery Setting cannot use verified_email as the only recovery mechanism when Email MFA is configured.'
    const AccountRecoverySetting = { RecoveryMechanisms: [{ Name: 'verified_email' as const, Priority: 1 }] }
    const { Id } = await makePool(server, { AccountRecoverySetting })
    await expectRefusal(set(Id, { MfaConfiguration: 'ON', ...EMAIL }), 'InvalidParameterException', message)
    const other = (await makePool(server)).Id
    await set(other, { MfaConfiguration: 'ON', ...EMAIL })
    const change = update(other, { MfaConfiguration: 'ON', AccountRecoverySetting })
    await expectRefusal(change, 'InvalidParameterException', message)
  })

  it('requires a second factor beside passkeys only where these may stand for both', async () => {
    const Policies = { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD' as const, 'WEB_AUTHN' as const] } }
    const { Id } = await makePool(server, { Policies })
    const single =
      'Cannot set WebAuthn factor configuration to SINGLE_FACTOR if MFA is required and WebAuthn is an allowed first auth factor'
    for (const more of [{}, { WebAuthnConfiguration: { FactorConfiguration: 'SINGLE_FACTOR' as const } }])
      await expectRefusal(set(Id, { MfaConfiguration: 'ON', ...TOTP, ...more }), 'InvalidParameterException', single)
    await set(Id, { MfaConfiguration: 'OPTIONAL', ...TOTP })
    const required = { MfaConfiguration: 'ON' as const, ...TOTP }
    await set(Id, { ...required, WebAuthnConfiguration: MULTI_FACTOR })
    await update(Id, { MfaConfiguration: 'ON', Policies })
    const { Id: other } = await makePool(server)
    await set(other, required)
    const message = 'WEB_AUTHN cannot be used as an auth factor when MFA is enabled if not configured for MFA.'
    await expectRefusal(update(other, { MfaConfiguration: 'ON', Policies }), 'InvalidParameterException', message)
    await set(other, { ...required, WebAuthnConfiguration: MULTI_FACTOR })
    await update(other, { MfaConfiguration: 'ON', Policies })
  })

  it('refuses what the tier does not have, also when the tier is lowered later', async () => {
    const { Id } = await makePool(server, { UserPoolTier: 'LITE' })
    const needs = (names: string): string =>
      `The following features need to be disabled for the LITE pricing tier configured: ${names}`
    for (const [input, names] of [
      [{ MfaConfiguration: 'ON', ...EMAIL }, 'Email MFA'],
      [{ WebAuthnConfiguration: {} }, 'Passkeys'],
    ] as const)
      await expectRefusal(set(Id, input), 'FeatureUnavailableInTierException', needs(names))
    await set(Id, { MfaConfiguration: 'ON', ...TOTP })
    const other = (await makePool(server)).Id
    await set(other, { MfaConfiguration: 'ON', ...EMAIL })
    const lowered = update(other, { MfaConfiguration: 'ON', UserPoolTier: 'LITE' })
    await expectRefusal(lowered, 'TierChangeNotAllowedException', needs('Email MFA'))
  })

  it('is kept by UpdateUserPool, which may require what it set, and not turn it off', async () => {
    const { Id } = await makePool(server)
    await set(Id, { MfaConfiguration: 'OPTIONAL', ...TOTP })
    // In the order of Terraform: the factors, then the pool with the same MfaConfiguration.
    await update(Id, { MfaConfiguration: 'ON', PoolName: 'changed' })
    expect(await get(Id)).toEqual({ MfaConfiguration: 'ON', ...TOTP })
    await expectRefusal(update(Id, {}), 'InvalidParameterException', OFF_AND_ON)
    await expectRefusal(update(Id, { MfaConfiguration: 'OFF' }), 'InvalidParameterException', OFF_AND_ON)
    // SMS that verifies numbers does not become a factor.
    await update(Id, { MfaConfiguration: 'ON', ...SMS })
    expect(await get(Id)).toEqual({ MfaConfiguration: 'ON', ...TOTP })
    await set(Id, {})
    await update(Id, {})
    expect(await get(Id)).toEqual({ MfaConfiguration: 'OFF' })
  })

  it('does not know a pool that is not there', async () => {
    await expectRefusal(
      set('us-east-1_NoSuchPoo', {}),
      'ResourceNotFoundException',
      'User pool us-east-1_NoSuchPoo does not exist.',
    )
  })
})
