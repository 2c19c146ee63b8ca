import {
  GetUserAttributeVerificationCodeCommand,
  GetUserCommand,
  UpdateUserAttributesCommand,
  VerifyUserAttributeCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import {
  engines,
  expectRefusal,
  makeClient,
  makePool,
  makeUser,
  signIn,
  usePool,
  useTestServer,
} from '../../../test/harness.ts'

describe.each(engines)('GetUserAttributeVerificationCode on %s', (engine) => {
  const server = useTestServer({ engine })
  const at = usePool(server)

  const tokenOf = async (name: string, attributes = {}) => {
    await makeUser(server, at.poolId, name, attributes)
    return (await signIn(server, at.clientId, name)).AccessToken
  }
  const ask = async (AccessToken: string, AttributeName: string) =>
    (await server.app.send(new GetUserAttributeVerificationCodeCommand({ AccessToken, AttributeName })))
      .CodeDeliveryDetails

  it('sends a code to the address or number, whether or not the pool verifies by itself', async () => {
    const token = await tokenOf('ann', { email: 'first@example.org', phone_number: '+14325550001' })
    expect(await ask(token, 'email')).toEqual({
      AttributeName: 'email',
      DeliveryMedium: 'EMAIL',
      Destination: 'f***@e***',
    })
    expect(await ask(token, 'phone_number')).toEqual({
      AttributeName: 'phone_number',
      DeliveryMedium: 'SMS',
      Destination: '+*******0001',
    })
    const Code = await server.outbox.latestCode('+14325550001')
    await server.app.send(new VerifyUserAttributeCommand({ AccessToken: token, AttributeName: 'phone_number', Code }))
  })

  it('sends to the pending value where a change waits for its verification', async () => {
    const pool = (
      await makePool(server, {
        AutoVerifiedAttributes: ['email'],
        UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ['email'] },
      })
    ).Id
    const { ClientId } = await makeClient(server, pool)
    await makeUser(server, pool, 'ann', { email: 'old@example.org', email_verified: 'true' })
    const { AccessToken } = await signIn(server, ClientId, 'ann')
    expect((await ask(AccessToken, 'email'))?.Destination).toBe('o***@e***')
    const UserAttributes = [{ Name: 'email', Value: 'pending@example.org' }]
    await server.app.send(new UpdateUserAttributesCommand({ AccessToken, UserAttributes }))
    expect((await ask(AccessToken, 'email'))?.Destination).toBe('p***@e***')
    const Code = await server.outbox.latestCode('pending@example.org')
    await server.app.send(new VerifyUserAttributeCommand({ AccessToken, AttributeName: 'email', Code }))
    const user = await server.app.send(new GetUserCommand({ AccessToken }))
    expect(user.UserAttributes).toContainEqual({ Name: 'email', Value: 'pending@example.org' })
  })

  it('refuses attributes that cannot be verified by a code, and those that are not set', async () => {
    const token = await tokenOf('bob')
    await expectRefusal(
      ask(token, 'nickname'),
      'InvalidParameterException',
      'Invalid attribute name. Only phone_number and email can be verified.',
    )
    await expectRefusal(ask(token, 'email'), 'InvalidParameterException', 'User has no email to verify.')
  })

  it('refuses the sixth request of an hour', async () => {
    const token = await tokenOf('eager', { email: 'eager@example.org' })
    for (let i = 0; i < 5; i++) await ask(token, 'email')
    await expectRefusal(
      ask(token, 'email'),
      'LimitExceededException',
      'Attempt limit exceeded, please try after some time.',
    )
  })

  it('refuses the twenty-first request of a day', async () => {
    await makeUser(server, at.poolId, 'patient', { email: 'patient@example.org' })
    for (let hour = 0; hour < 5; hour++) {
      const { AccessToken } = await signIn(server, at.clientId, 'patient')
      for (let i = 0; i < (hour === 4 ? 0 : 5); i++) await ask(AccessToken, 'email')
      if (hour === 4) await expectRefusal(ask(AccessToken, 'email'), 'LimitExceededException')
      server.clock.advance(60 * 60 * 1000 + 1000)
    }
    server.clock.advance(20 * 60 * 60 * 1000)
    await ask((await signIn(server, at.clientId, 'patient')).AccessToken, 'email')
  })

  it('refuses what is no access token', async () => {
    await makeUser(server, at.poolId, 'carol', { email: 'carol@example.org' })
    const { IdToken } = await signIn(server, at.clientId, 'carol')
    await expectRefusal(ask(IdToken, 'email'), 'NotAuthorizedException', 'Invalid Access Token')
  })
})
