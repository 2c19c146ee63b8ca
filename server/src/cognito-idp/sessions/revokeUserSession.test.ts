import { RevokeUserSessionCommand } from '@aws-sdk/client-cognito-identity-provider'
import { beforeAll, describe, expect, it } from 'vitest'
import { engines, expectRefusal, makeUser, signIn, usePool, useTestServer } from '../../../test/harness.ts'
import { ALIVE, ENDED, fateOf, refresh, sessionIdOf, sessionsOf, setTracking } from '../../../test/user-sessions.ts'

const NOT_FOUND = ['ResourceNotFoundException', 'Session not found.'] as const

describe.each(engines)('RevokeUserSession on %s', (engine) => {
  const server = useTestServer({ engine })
  const at = usePool(server, { users: ['ann', 'bea'] })
  beforeAll(() => setTracking(server, at.poolId))

  const revoke = ({ AccessToken }: { AccessToken: string }, SessionId: string) =>
    server.app.send(new RevokeUserSessionCommand({ AccessToken, SessionId }))

  it('ends another session with every token of it, and no other one', async () => {
    const [own, other, third] = [
      await signIn(server, at.clientId, 'ann'),
      await signIn(server, at.clientId, 'ann'),
      await signIn(server, at.clientId, 'ann'),
    ]
    const { AuthenticationResult } = await refresh(server, at.clientId, other)
    const refreshed = { ...other, ...AuthenticationResult } as typeof other
    const { $metadata, ...answer } = await revoke(own, sessionIdOf(other))
    expect(answer).toEqual({})
    for (const ended of [other, refreshed]) expect(await fateOf(server, at.clientId, ended)).toEqual(ENDED)
    for (const tokens of [own, third]) expect(await fateOf(server, at.clientId, tokens)).toEqual(ALIVE)
    const left = (await sessionsOf(server, own)).map(({ SessionId }) => SessionId)
    expect(left.sort()).toEqual([own, third].map(sessionIdOf).sort())
    await expectRefusal(revoke(own, sessionIdOf(other)), ...NOT_FOUND)
  })

  it('InvalidParameterException for the session of the token itself', async () => {
    const own = await signIn(server, at.clientId, 'ann')
    await expectRefusal(
      revoke(own, sessionIdOf(own)),
      'InvalidParameterException',
      'The current session cannot be revoked: use RevokeToken or GlobalSignOut.',
    )
    expect(await fateOf(server, at.clientId, own)).toEqual(ALIVE)
  })

  it('ResourceNotFoundException for what is no session of this user', async () => {
    const [own, foreign] = [await signIn(server, at.clientId, 'ann'), await signIn(server, at.clientId, 'bea')]
    for (const id of [sessionIdOf(foreign), 'x', '', 'a\u0000b', 'x'.repeat(50_000)])
      await expectRefusal(revoke(own, id), ...NOT_FOUND)
    expect(await fateOf(server, at.clientId, foreign)).toEqual(ALIVE)
  })

  it('of concurrent calls for one session one ends it, also while it is refreshed', async () => {
    await makeUser(server, at.poolId, 'cleo')
    const [own, other] = [await signIn(server, at.clientId, 'cleo'), await signIn(server, at.clientId, 'cleo')]
    const outcomes = await Promise.all([
      ...Array.from({ length: 8 }, () =>
        revoke(own, sessionIdOf(other)).then(
          () => 'ok',
          (error: Error) => error.name,
        ),
      ),
      ...Array.from({ length: 8 }, () =>
        refresh(server, at.clientId, other).then(
          () => '',
          () => '',
        ),
      ),
    ])
    expect(outcomes.filter((outcome) => outcome === 'ok')).toHaveLength(1)
    expect(outcomes.filter((outcome) => outcome === 'ResourceNotFoundException')).toHaveLength(7)
    expect(await fateOf(server, at.clientId, other)).toEqual(ENDED)
    expect(await sessionsOf(server, own)).toHaveLength(1)
  })
})
