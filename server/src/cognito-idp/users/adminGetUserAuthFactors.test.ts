import {
  AdminCreateUserCommand,
  AdminGetUserAuthFactorsCommand,
  type CreateUserPoolCommandInput,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { expectRefusal, makeUser, usePool, useTestServer } from '../../../test/harness.ts'

const policy = (...factors: ('PASSWORD' | 'EMAIL_OTP' | 'SMS_OTP')[]): Partial<CreateUserPoolCommandInput> => ({
  Policies: { SignInPolicy: { AllowedFirstAuthFactors: factors } },
})

describe('AdminGetUserAuthFactors', () => {
  const server = useTestServer()
  const at = usePool(server, { pool: policy('PASSWORD', 'EMAIL_OTP') })

  const factors = async (Username: string) => {
    const { $metadata: _, ...answer } = await server.admin.send(
      new AdminGetUserAuthFactorsCommand({ UserPoolId: at.poolId, Username }),
    )
    return answer
  }

  it('names the password, verified contacts, and nothing that is not there', async () => {
    await makeUser(server, at.poolId, 'ann', {
      email: 'ann@example.org',
      email_verified: 'true',
      phone_number: '+15550100',
      phone_number_verified: 'true',
    })
    expect(await factors('ann')).toEqual({
      Username: 'ann',
      ConfiguredUserAuthFactors: ['PASSWORD', 'EMAIL_OTP', 'SMS_OTP'],
    })
    await makeUser(server, at.poolId, 'bob', { email: 'bob@example.org' })
    expect(await factors('bob')).toEqual({ Username: 'bob', ConfiguredUserAuthFactors: ['PASSWORD'] })
  })

  it('names no password of a user who has none', async () => {
    const UserAttributes = [
      { Name: 'email', Value: 'carol@example.org' },
      { Name: 'email_verified', Value: 'true' },
    ]
    await server.admin.send(new AdminCreateUserCommand({ UserPoolId: at.poolId, Username: 'carol', UserAttributes }))
    expect(await factors('carol')).toEqual({ Username: 'carol', ConfiguredUserAuthFactors: ['EMAIL_OTP'] })
  })

  it('refuses a user who does not exist', async () => {
    await expectRefusal(factors('nobody'), 'UserNotFoundException', 'User does not exist.')
  })
})
