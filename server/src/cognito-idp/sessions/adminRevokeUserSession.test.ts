import { AdminRevokeUserSessionCommand } from '@aws-sdk/client-cognito-identity-provider'
import { beforeAll, describe, expect, it } from 'vitest'
import { expectRefusal, makePool, signIn, usePool, useTestServer } from '../../../test/harness.ts'
import { ALIVE, ENDED, fateOf, sessionIdOf, setTracking } from '../../../test/user-sessions.ts'

describe('AdminRevokeUserSession', () => {
  const server = useTestServer()
  const at = usePool(server, { users: ['ann', 'bea'] })
  beforeAll(() => setTracking(server, at.poolId))

  const revoke = (Username: string, SessionId: string, UserPoolId = at.poolId) =>
    server.admin.send(new AdminRevokeUserSessionCommand({ UserPoolId, Username, SessionId }))

  it('ends a session of a user', async () => {
    const [one, other] = [await signIn(server, at.clientId, 'ann'), await signIn(server, at.clientId, 'ann')]
    const { $metadata, ...answer } = await revoke('ann', sessionIdOf(one))
    expect(answer).toEqual({})
    expect(await fateOf(server, at.clientId, one)).toEqual(ENDED)
    expect(await fateOf(server, at.clientId, other)).toEqual(ALIVE)
  })

  it('ResourceNotFoundException for a session of another user, of another pool, and for none', async () => {
    const tokens = await signIn(server, at.clientId, 'ann')
    for (const id of [sessionIdOf(tokens), 'none'])
      await expectRefusal(revoke('bea', id), 'ResourceNotFoundException', 'Session not found.')
    const other = (await makePool(server)).Id
    await setTracking(server, other)
    await expectRefusal(revoke('ann', sessionIdOf(tokens), other), 'UserNotFoundException', 'User does not exist.')
    expect(await fateOf(server, at.clientId, tokens)).toEqual(ALIVE)
  })

  it('InvalidParameterException in a pool that does not track sessions', async () => {
    const tokens = await signIn(server, at.clientId, 'ann')
    await setTracking(server, at.poolId, 'DISABLED')
    await expectRefusal(
      revoke('ann', sessionIdOf(tokens)),
      'InvalidParameterException',
      'User session tracking is not enabled for this user pool.',
    )
    await setTracking(server, at.poolId)
    expect(await fateOf(server, at.clientId, tokens)).toEqual(ALIVE)
  })

  it('refuses an unsigned call', async () => {
    const { json } = await server.raw('AdminRevokeUserSession', {
      UserPoolId: at.poolId,
      Username: 'ann',
      SessionId: 'x',
    })
    expect(json.__type).toBe('MissingAuthenticationTokenException')
  })
})
