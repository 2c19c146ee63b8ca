import {
  GetUserPoolMfaConfigCommand,
  type GetUserPoolMfaConfigCommandOutput,
  SetUserPoolMfaConfigCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { expectRefusal, makePool, useTestServer } from '../../../test/harness.ts'
import { SMS } from '../../../test/second-factors.ts'

describe('GetUserPoolMfaConfig', () => {
  const server = useTestServer()
  const get = async (UserPoolId: string): Promise<object> => {
    const { $metadata, ...config }: GetUserPoolMfaConfigCommandOutput = await server.admin.send(
      new GetUserPoolMfaConfigCommand({ UserPoolId }),
    )
    return config
  }

  it('shows the parts that are configured', async () => {
    expect(await get((await makePool(server)).Id)).toEqual({ MfaConfiguration: 'OFF' })
    const { Id } = await makePool(server, {
      ...SMS,
      SmsAuthenticationMessage: 'Code {####}',
      MfaConfiguration: 'OPTIONAL',
    })
    const SmsMfaConfiguration = {
      SmsAuthenticationMessage: 'Code {####}',
      SmsConfiguration: { ...SMS.SmsConfiguration, SnsRegion: 'us-east-1' },
    }
    expect(await get(Id)).toEqual({ MfaConfiguration: 'OPTIONAL', SmsMfaConfiguration })
    await server.admin.send(
      new SetUserPoolMfaConfigCommand({
        UserPoolId: Id,
        MfaConfiguration: 'ON',
        SmsMfaConfiguration: {},
        SoftwareTokenMfaConfiguration: { Enabled: true },
        EmailMfaConfiguration: { Message: 'E-mail {####}', Subject: 'Hello' },
        WebAuthnConfiguration: { RelyingPartyId: 'example.com' },
      }),
    )
    expect(await get(Id)).toEqual({
      MfaConfiguration: 'ON',
      SmsMfaConfiguration,
      SoftwareTokenMfaConfiguration: { Enabled: true },
      EmailMfaConfiguration: { Message: 'E-mail {####}', Subject: 'Hello' },
      WebAuthnConfiguration: { RelyingPartyId: 'example.com', UserVerification: 'preferred' },
    })
  })

  it('does not know a pool that is not there', async () => {
    await expectRefusal(
      get('us-east-1_NoSuchPoo'),
      'ResourceNotFoundException',
      'User pool us-east-1_NoSuchPoo does not exist.',
    )
  })
})
