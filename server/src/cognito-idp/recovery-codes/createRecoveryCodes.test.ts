// CreateRecoveryCodes: who gets a set, what is stored of it, and when it goes.
import {
  AdminDeleteSoftwareTokenCommand,
  AdminDeleteUserAttributesCommand,
  AdminDeleteUserCommand,
  AdminSetUserMFAPreferenceCommand,
  DeleteUserAttributesCommand,
  SetUserMFAPreferenceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { responder } from '../../../test/challenges.ts'
import { engines, expectRefusal, makeUser, signIn, type TestPool, useTestServer } from '../../../test/harness.ts'
import { ask, newCodes, recoveryPool, toldOf, withCodes } from '../../../test/recovery-codes.ts'
import { begin, codeOf, EMAIL, giveToken, poolWith, STEP_MS, TOTP } from '../../../test/second-factors.ts'

const NONE = 'User has no second factor that a recovery code could stand in for.'
const OFF = 'Recovery codes are not turned on for this user pool.'

describe.each(engines)('CreateRecoveryCodes on %s', (engine) => {
  const server = useTestServer({ engine })
  let at: TestPool
  let name: string
  let count = 0
  beforeAll(async () => {
    at = await recoveryPool(server)
  })
  beforeEach(async () => {
    server.clock.freeze()
    name = `user-${++count}`
    await makeUser(server, at.poolId, name)
  })

  /** A user with an authenticator app: its secret, and an access token. */
  const withToken = async () => {
    const { AccessToken } = await signIn(server, at.clientId, name)
    return { secret: await giveToken(server, at.clientId, name), AccessToken }
  }
  const recover = async (code: string) => {
    const { Session } = await begin(server, at.clientId, name)
    const answer = { USERNAME: name, SOFTWARE_TOKEN_MFA_CODE: code }
    return (await responder(server, at)('SOFTWARE_TOKEN_MFA', answer, Session)).AuthenticationResult
  }

  it('gives as many codes as the tag says, once', async () => {
    const { AccessToken } = await withToken()
    expect(await toldOf(server, AccessToken)).toEqual({ Remaining: 0 })
    const codes = await newCodes(server, AccessToken)
    expect(new Set(codes).size).toBe(3)
    for (const code of codes) expect(code).toMatch(/^\w{5}-\w{5}$/)
    const CreationDate = expect.closeTo(server.clock.now() / 1000, 0)
    expect(await toldOf(server, AccessToken)).toEqual({ Remaining: 3, CreationDate })
    expect(await recover(codes[0] as string)).toBeDefined()
    expect(await toldOf(server, AccessToken)).toEqual({ Remaining: 2, CreationDate })
  })

  it('replaces the earlier set', async () => {
    const { AccessToken } = await withToken()
    const [old = ''] = await newCodes(server, AccessToken)
    const [fresh = ''] = await newCodes(server, AccessToken)
    await expectRefusal(recover(old), 'CodeMismatchException')
    expect(await recover(fresh)).toBeDefined()
    expect(await toldOf(server, AccessToken)).toMatchObject({ Remaining: 2 })
  })

  it('leaves one whole set of several that are made at once', async () => {
    const { AccessToken } = await withToken()
    const made = await Promise.allSettled(Array.from({ length: 4 }, () => newCodes(server, AccessToken)))
    const sets = made.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
    expect(sets.length).toBeGreaterThan(0)
    expect(await toldOf(server, AccessToken)).toMatchObject({ Remaining: 3 })
    const stands: string[][] = []
    for (const set of sets)
      if (
        await recover(set[0] as string).then(
          () => true,
          () => false,
        )
      )
        stands.push(set)
    expect(stands).toHaveLength(1)
    for (const code of stands[0]?.slice(1) ?? []) expect(await recover(code)).toBeDefined()
  })

  it('refuses a user without a second factor, and a pool that does not use recovery codes', async () => {
    const { AccessToken } = await signIn(server, at.clientId, name)
    await expectRefusal(newCodes(server, AccessToken), 'InvalidParameterException', NONE)
    const plain = await poolWith(server, { MfaConfiguration: 'OPTIONAL', ...TOTP })
    await makeUser(server, plain.poolId, name)
    const theirs = await signIn(server, plain.clientId, name)
    await giveToken(server, plain.clientId, name)
    await expectRefusal(newCodes(server, theirs.AccessToken), 'OperationNotEnabledException', OFF)
    await expectRefusal(toldOf(server, theirs.AccessToken), 'OperationNotEnabledException', OFF)
    await expectRefusal(newCodes(server, 'no.such.token'), 'NotAuthorizedException')
    await expectRefusal(ask(server, 'CreateRecoveryCodes', {}), 'InvalidParameterException')
  })

  it('is over with the last second factor', async () => {
    const { secret, AccessToken } = await withToken()
    const user = { UserPoolId: at.poolId, Username: name }
    const off = { SoftwareTokenMfaSettings: { Enabled: false } }
    const on = { SoftwareTokenMfaSettings: { Enabled: true } }
    for (const end of [
      () => server.app.send(new SetUserMFAPreferenceCommand({ AccessToken, ...off })),
      () => server.admin.send(new AdminSetUserMFAPreferenceCommand({ ...user, ...off })),
    ]) {
      const [code = ''] = await newCodes(server, AccessToken)
      await end()
      expect(await toldOf(server, AccessToken)).toEqual({ Remaining: 0 })
      await server.admin.send(new AdminSetUserMFAPreferenceCommand({ ...user, ...on }))
      await expectRefusal(recover(code), 'CodeMismatchException')
    }
    // A preference that leaves the factor on leaves the codes.
    await newCodes(server, AccessToken)
    await server.app.send(new SetUserMFAPreferenceCommand({ AccessToken, ...on }))
    expect(await toldOf(server, AccessToken)).toMatchObject({ Remaining: 3 })
    await server.admin.send(new AdminDeleteSoftwareTokenCommand(user))
    expect(await toldOf(server, AccessToken)).toEqual({ Remaining: 0 })
    server.clock.advance(STEP_MS)
    expect(codeOf(secret, server.clock.now())).toMatch(/^\d{6}$/)
  })

  it('is over with the address that was the last second factor', async () => {
    const mail = await poolWith(
      server,
      { MfaConfiguration: 'OPTIONAL', ...EMAIL },
      { ...withCodes(), AccountRecoverySetting: { RecoveryMechanisms: [{ Name: 'admin_only', Priority: 1 }] } },
    )
    await makeUser(server, mail.poolId, name, { email: `${name}@example.com`, email_verified: 'true' })
    const { AccessToken } = await signIn(server, mail.clientId, name)
    const user = { UserPoolId: mail.poolId, Username: name }
    const EmailMfaSettings = { Enabled: true }
    const UserAttributeNames = ['email']
    await server.app.send(new SetUserMFAPreferenceCommand({ AccessToken, EmailMfaSettings }))
    await newCodes(server, AccessToken)
    expect(await toldOf(server, AccessToken)).toMatchObject({ Remaining: 3 })
    if (engine === 'sqlite') await server.app.send(new DeleteUserAttributesCommand({ AccessToken, UserAttributeNames }))
    else await server.admin.send(new AdminDeleteUserAttributesCommand({ ...user, UserAttributeNames }))
    expect(await toldOf(server, AccessToken)).toEqual({ Remaining: 0 })
  })

  it('is over with its user', async () => {
    const { AccessToken } = await withToken()
    const codes = await newCodes(server, AccessToken)
    const user = { UserPoolId: at.poolId, Username: name }
    await server.admin.send(new AdminDeleteUserCommand(user))
    await makeUser(server, at.poolId, name)
    await giveToken(server, at.clientId, name)
    for (const code of codes) await expectRefusal(recover(code), 'CodeMismatchException')
  })

  it('counts for nothing once the pool does not use recovery codes any more', async () => {
    const own = await recoveryPool(server)
    await makeUser(server, own.poolId, name)
    const { AccessToken } = await signIn(server, own.clientId, name)
    await giveToken(server, own.clientId, name)
    const [code = ''] = await newCodes(server, AccessToken)
    const ResourceArn = `arn:aws:cognito-idp:${server.region}:000000000000:userpool/${own.poolId}`
    await server.admin.send(new UntagResourceCommand({ ResourceArn, TagKeys: ['cognomen:recovery-codes'] }))
    server.clock.advance(2000)
    const { Session } = await begin(server, own.clientId, name)
    const answer = { USERNAME: name, SOFTWARE_TOKEN_MFA_CODE: code }
    await expectRefusal(
      responder(server, own)('SOFTWARE_TOKEN_MFA', answer, Session),
      'CodeMismatchException',
      'Invalid code received for user',
    )
  })
})
