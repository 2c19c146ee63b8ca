// AdminDeleteRecoveryCodes names a user of its pool, by any name that the user has, and no other.
import { expect, test } from 'vitest'
import { expectRefusal, makeUser, signIn, useTestServer } from '../../../test/harness.ts'
import { ask, newCodes, recoveryPool, toldOf } from '../../../test/recovery-codes.ts'
import { giveToken } from '../../../test/second-factors.ts'

const server = useTestServer()

test('AdminDeleteRecoveryCodes', async () => {
  const { poolId, clientId } = await recoveryPool(server)
  const other = await recoveryPool(server)
  const sub = await makeUser(server, poolId, 'ada')
  const { AccessToken } = await signIn(server, clientId, 'ada')
  await giveToken(server, clientId, 'ada')
  await newCodes(server, AccessToken)
  await expectRefusal(
    ask(server, 'AdminDeleteRecoveryCodes', { UserPoolId: other.poolId, Username: sub }, true),
    'UserNotFoundException',
    'User does not exist.',
  )
  expect(await toldOf(server, AccessToken)).toMatchObject({ Remaining: 3 })
  const answer = await ask(server, 'AdminDeleteRecoveryCodes', { UserPoolId: poolId, Username: sub }, true)
  expect({ answer, after: await toldOf(server, AccessToken) }).toEqual({ answer: {}, after: { Remaining: 0 } })
})
