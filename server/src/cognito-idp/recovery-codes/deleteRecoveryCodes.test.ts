// DeleteRecoveryCodes and AdminDeleteRecoveryCodes: the codes are good no more, whoever took them away.
import { beforeAll, describe, expect, it } from 'vitest'
import { responder } from '../../../test/challenges.ts'
import { expectRefusal, makeUser, signIn, type TestPool, useTestServer } from '../../../test/harness.ts'
import { ask, newCodes, recoveryPool, toldOf } from '../../../test/recovery-codes.ts'
import { begin, giveToken } from '../../../test/second-factors.ts'

describe('DeleteRecoveryCodes', () => {
  const server = useTestServer()
  let at: TestPool
  beforeAll(async () => {
    at = await recoveryPool(server)
  })

  it.each([
    ['DeleteRecoveryCodes', 'ada'],
    ['AdminDeleteRecoveryCodes', 'bea'],
  ])('%s', async (operation, Username) => {
    await makeUser(server, at.poolId, Username)
    const { AccessToken } = await signIn(server, at.clientId, Username)
    await giveToken(server, at.clientId, Username)
    const [code = ''] = await newCodes(server, AccessToken)
    const byAdmin = operation.startsWith('Admin')
    const remove = () =>
      ask(server, operation, byAdmin ? { UserPoolId: at.poolId, Username } : { AccessToken }, byAdmin)
    expect(await remove()).toEqual({})
    expect(await toldOf(server, AccessToken)).toEqual({ Remaining: 0 })
    const { Session } = await begin(server, at.clientId, Username)
    await expectRefusal(
      responder(server, at)('SOFTWARE_TOKEN_MFA', { USERNAME: Username, SOFTWARE_TOKEN_MFA_CODE: code }, Session),
      'CodeMismatchException',
      'Invalid code or auth state for the user.',
    )
    // Once more is no error.
    expect(await remove()).toEqual({})
  })

  it('does not know a user who is not there', () =>
    expectRefusal(
      ask(server, 'AdminDeleteRecoveryCodes', { UserPoolId: at.poolId, Username: 'nobody' }, true),
      'UserNotFoundException',
      'User does not exist.',
    ))
})
