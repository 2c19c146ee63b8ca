// DescribeRecoveryCodes and its Admin twin: how many codes are left, never which.
import { describe, expect, it } from 'vitest'
import { expectRefusal, makeUser, signIn, useTestServer } from '../../../test/harness.ts'
import { ask, newCodes, recoveryPool } from '../../../test/recovery-codes.ts'
import { giveToken } from '../../../test/second-factors.ts'

describe('DescribeRecoveryCodes', () => {
  const server = useTestServer()

  it('tells the user and the administrator the same', async () => {
    const { poolId, clientId } = await recoveryPool(server, 20)
    await makeUser(server, poolId, 'ada')
    const { AccessToken } = await signIn(server, clientId, 'ada')
    await giveToken(server, clientId, 'ada')
    await newCodes(server, AccessToken)
    const told = await ask(server, 'DescribeRecoveryCodes', { AccessToken })
    expect(told).toEqual({ Remaining: 20, CreationDate: expect.any(Number) })
    const user = { UserPoolId: poolId, Username: 'ada' }
    expect(await ask(server, 'AdminDescribeRecoveryCodes', user, true)).toEqual(told)
    await makeUser(server, poolId, 'bea')
    expect(await ask(server, 'AdminDescribeRecoveryCodes', { ...user, Username: 'bea' }, true)).toEqual({
      Remaining: 0,
    })
    await expectRefusal(
      ask(server, 'AdminDescribeRecoveryCodes', { ...user, Username: 'nobody' }, true),
      'UserNotFoundException',
      'User does not exist.',
    )
    await expectRefusal(ask(server, 'AdminDescribeRecoveryCodes', user), 'MissingAuthenticationTokenException')
  })
})
