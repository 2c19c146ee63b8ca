import { GetUserCommand, GlobalSignOutCommand, InitiateAuthCommand } from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { engines, expectRefusal, makeClient, signIn, usePool, useTestServer } from '../../../test/harness.ts'

describe.each(engines)('GlobalSignOut on %s', (engine) => {
  const server = useTestServer({ engine })
  const at = usePool(server, { users: ['ann', 'bob'] })

  const getUser = (AccessToken: string) => server.app.send(new GetUserCommand({ AccessToken }))

  it('ends every token of the user on every client at once, and nobody else’s', async () => {
    const second = await makeClient(server, at.poolId, { EnableTokenRevocation: false })
    const [here, there, bob] = [
      await signIn(server, at.clientId, 'ann'),
      await signIn(server, second.ClientId, 'ann'),
      await signIn(server, at.clientId, 'bob'),
    ]
    await server.app.send(new GlobalSignOutCommand({ AccessToken: here.AccessToken }))
    for (const { AccessToken } of [here, there])
      await expectRefusal(getUser(AccessToken), 'NotAuthorizedException', 'Access Token has been revoked')
    for (const [ClientId, { RefreshToken }] of [
      [at.clientId, here],
      [second.ClientId, there],
    ] as const) {
      await expectRefusal(
        server.app.send(
          new InitiateAuthCommand({
            AuthFlow: 'REFRESH_TOKEN_AUTH',
            ClientId,
            AuthParameters: { REFRESH_TOKEN: RefreshToken },
          }),
        ),
        'NotAuthorizedException',
        'Refresh Token has been revoked',
      )
    }
    expect((await getUser(bob.AccessToken)).Username).toBe('bob')
  })

  it('lets the user sign in again within the same moment', async () => {
    for (let i = 0; i < 5; i++) {
      const { AccessToken } = await signIn(server, at.clientId, 'ann')
      expect((await getUser(AccessToken)).Username).toBe('ann')
      await server.app.send(new GlobalSignOutCommand({ AccessToken }))
      await expectRefusal(
        server.app.send(new GlobalSignOutCommand({ AccessToken })),
        'NotAuthorizedException',
        'Access Token has been revoked',
      )
    }
  })

  it('needs an access token', async () => {
    const { IdToken } = await signIn(server, at.clientId, 'ann')
    await expectRefusal(
      server.app.send(new GlobalSignOutCommand({ AccessToken: IdToken })),
      'NotAuthorizedException',
      'Invalid Access Token',
    )
    await expectRefusal(
      server.app.send(new GlobalSignOutCommand({ AccessToken: 'invented' })),
      'NotAuthorizedException',
      'Invalid Access Token',
    )
  })
})
