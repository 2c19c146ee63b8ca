import {
  AdminUpdateUserAttributesCommand,
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
import { countOutcomes, otherCode } from '../../../test/sign-up.ts'

const MISMATCH = 'Invalid verification code provided, please try again.'
const EXPIRED = 'Invalid code provided, please request a code again.'

describe.each(engines)('VerifyUserAttribute on %s', (engine) => {
  const server = useTestServer({ engine })
  const at = usePool(server, { pool: { AliasAttributes: ['email'] } })

  const verify = async (AccessToken: string, Code: string, AttributeName = 'email') => {
    const { $metadata: _, ...answer } = await server.app.send(
      new VerifyUserAttributeCommand({ AccessToken, AttributeName, Code }),
    )
    return answer
  }
  const ask = async (AccessToken: string, AttributeName = 'email') =>
    server.app.send(new GetUserAttributeVerificationCodeCommand({ AccessToken, AttributeName }))
  /** A user with an address and a code for it. */
  async function proving(name: string) {
    const email = `${name}@example.org`
    await makeUser(server, at.poolId, name, { email })
    const token = (await signIn(server, at.clientId, name)).AccessToken
    await ask(token)
    return { token, email, code: await server.outbox.latestCode(email) }
  }
  const emailOf = async (AccessToken: string) => {
    const { UserAttributes } = await server.app.send(new GetUserCommand({ AccessToken }))
    const value = (name: string) => UserAttributes?.find(({ Name }) => Name === name)?.Value
    return [value('email'), value('email_verified')]
  }

  it('verifies the attribute, which makes it an alias', async () => {
    const { token, email, code } = await proving('ann')
    expect(await verify(token, code)).toEqual({})
    expect(await emailOf(token)).toEqual([email, 'true'])
    expect((await signIn(server, at.clientId, email)).AccessToken).toBeTruthy()
  })

  it('refuses wrong codes, used ones, and those of an earlier day', async () => {
    const { token, code } = await proving('bob')
    await expectRefusal(verify(token, otherCode(code)), 'CodeMismatchException', MISMATCH)
    await verify(token, code)
    await expectRefusal(verify(token, code), 'ExpiredCodeException', EXPIRED)
    await ask(token)
    const second = await server.outbox.latestCode('bob@example.org')
    server.clock.advance(24 * 60 * 60 * 1000 + 1000)
    // The access token has expired by then.
    const { AccessToken } = await signIn(server, at.clientId, 'bob')
    await expectRefusal(verify(AccessToken, second), 'ExpiredCodeException', EXPIRED)
  })

  it('refuses a code for the other attribute or for an address that was replaced', async () => {
    const { token, code } = await proving('carol')
    const write = (attributes: { Name: string; Value: string }[]) =>
      server.app.send(new UpdateUserAttributesCommand({ AccessToken: token, UserAttributes: attributes }))
    await write([{ Name: 'phone_number', Value: '+14325550001' }])
    await expectRefusal(verify(token, code, 'phone_number'), 'ExpiredCodeException', EXPIRED)
    await write([{ Name: 'email', Value: 'else@example.org' }])
    await expectRefusal(verify(token, code), 'ExpiredCodeException', EXPIRED)
    expect(await emailOf(token)).toEqual(['else@example.org', 'false'])
  })

  it('refuses a code for a pending value that an administrator has replaced since', async () => {
    const pool = (
      await makePool(server, {
        AutoVerifiedAttributes: ['email'],
        UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ['email'] },
      })
    ).Id
    const { ClientId } = await makeClient(server, pool)
    await makeUser(server, pool, 'ann', { email: 'first@example.org' })
    const { AccessToken } = await signIn(server, ClientId, 'ann')
    await ask(AccessToken)
    const code = await server.outbox.latestCode('first@example.org')
    const UserAttributes = [
      { Name: 'email', Value: 'set@example.org' },
      { Name: 'email_verified', Value: 'true' },
    ]
    await server.admin.send(new AdminUpdateUserAttributesCommand({ UserPoolId: pool, Username: 'ann', UserAttributes }))
    await expectRefusal(verify(AccessToken, code), 'ExpiredCodeException', EXPIRED)
    expect(await emailOf(AccessToken)).toEqual(['set@example.org', 'true'])
  })

  it('refuses an address that is another user’s alias', async () => {
    await makeUser(server, at.poolId, 'owner', { email: 'shared@example.org', email_verified: 'true' })
    await makeUser(server, at.poolId, 'claimant', { email: 'shared@example.org' })
    const { AccessToken } = await signIn(server, at.clientId, 'claimant')
    await ask(AccessToken)
    const code = await server.outbox.latestCode('shared@example.org')
    await expectRefusal(
      verify(AccessToken, code),
      'AliasExistsException',
      'An account with the given email already exists.',
    )
    expect((await emailOf(AccessToken))[1]).not.toBe('true')
  })

  it('refuses attributes that cannot be verified by a code', async () => {
    const { token, code } = await proving('dave')
    await expectRefusal(
      verify(token, code, 'nickname'),
      'InvalidParameterException',
      'Invalid attribute name. Only phone_number and email can be verified.',
    )
  })

  it('refuses every code after five wrong tries, and the sixteenth try of an hour', async () => {
    const { token, code } = await proving('guessed')
    for (let i = 0; i < 5; i++) await expectRefusal(verify(token, otherCode(code)), 'CodeMismatchException', MISMATCH)
    await expectRefusal(verify(token, code), 'ExpiredCodeException', EXPIRED)
    await ask(token)
    const second = await server.outbox.latestCode('guessed@example.org')
    for (let i = 0; i < 5; i++) await expectRefusal(verify(token, otherCode(second)), 'CodeMismatchException', MISMATCH)
    for (let i = 0; i < 4; i++) await expectRefusal(verify(token, second), 'ExpiredCodeException', EXPIRED)
    await expectRefusal(
      verify(token, second),
      'LimitExceededException',
      'Attempt limit exceeded, please try after some time.',
    )
    expect((await emailOf(token))[1]).not.toBe('true')
  })

  it('sends another code to a pending value whose code was guessed at', async () => {
    const pool = (
      await makePool(server, {
        AutoVerifiedAttributes: ['email'],
        UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ['email'] },
      })
    ).Id
    const { ClientId } = await makeClient(server, pool)
    await makeUser(server, pool, 'ann', { email: 'old@example.org', email_verified: 'true' })
    const { AccessToken } = await signIn(server, ClientId, 'ann')
    const UserAttributes = [{ Name: 'email', Value: 'new@example.org' }]
    await server.app.send(new UpdateUserAttributesCommand({ AccessToken, UserAttributes }))
    const code = await server.outbox.latestCode('new@example.org')
    for (let i = 0; i < 5; i++) await expectRefusal(verify(AccessToken, otherCode(code)), 'CodeMismatchException')
    await expectRefusal(verify(AccessToken, code), 'ExpiredCodeException', EXPIRED)
    await ask(AccessToken)
    await verify(AccessToken, await server.outbox.latestCode('new@example.org'))
    expect(await emailOf(AccessToken)).toEqual(['new@example.org', 'true'])
  })

  it('refuses what is no access token', async () => {
    await makeUser(server, at.poolId, 'erin')
    const { IdToken } = await signIn(server, at.clientId, 'erin')
    await expectRefusal(verify(IdToken, '123456'), 'NotAuthorizedException', 'Invalid Access Token')
  })

  it('lets exactly one of many concurrent requests spend a code', async () => {
    const { token, code } = await proving('raced')
    const outcomes = await countOutcomes(Array.from({ length: 100 }, () => verify(token, code)))
    expect(outcomes.ok).toBe(1)
    const known = ['ok', 'LimitExceededException', 'ExpiredCodeException']
    expect(Object.keys(outcomes).filter((name) => !known.includes(name))).toEqual([])
  })
})
