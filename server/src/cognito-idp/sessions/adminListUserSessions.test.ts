import {
  AdminInitiateAuthCommand,
  AdminListUserSessionsCommand,
  type ContextDataType,
} from '@aws-sdk/client-cognito-identity-provider'
import { beforeAll, describe, expect, it } from 'vitest'
import { expectRefusal, PASSWORD, signIn, usePool, useTestServer } from '../../../test/harness.ts'
import { sessionIdOf, setTracking } from '../../../test/user-sessions.ts'

describe('AdminListUserSessions', () => {
  const server = useTestServer()
  const at = usePool(server, { users: ['ann', 'bea'] })
  beforeAll(() => setTracking(server, at.poolId))

  const list = async (Username: string, UserPoolId = at.poolId) =>
    (await server.admin.send(new AdminListUserSessionsCommand({ UserPoolId, Username }))).Sessions

  it('shows the sessions of one user, none of them the own', async () => {
    const tokens = await signIn(server, at.clientId, 'ann')
    expect(await list('ann')).toMatchObject([{ SessionId: sessionIdOf(tokens), IsCurrentSession: false }])
    expect(await list('bea')).toEqual([])
  })

  it("shows the user's address and program where the application's server tells them", async () => {
    const admin = async (ContextData?: ContextDataType) => {
      const { AuthenticationResult } = await server.admin.send(
        new AdminInitiateAuthCommand({
          AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
          UserPoolId: at.poolId,
          ClientId: at.clientId,
          AuthParameters: { USERNAME: 'bea', PASSWORD },
          ContextData,
        }),
      )
      const own = sessionIdOf(AuthenticationResult as { AccessToken: string })
      return (await list('bea'))?.find(({ SessionId }) => SessionId === own)
    }
    const told = await admin({
      IpAddress: '203.0.113.7',
      ServerName: 'shop.example.com',
      ServerPath: '/sign-in',
      HttpHeaders: [
        {
          headerName: 'User-Agent',
          headerValue:
            'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
        },
      ],
    })
    expect(told).toMatchObject({ LastIPAddress: '203.0.113.7', DeviceType: 'Safari 17 / iOS 17.5' })
    expect(await admin()).toMatchObject({ LastIPAddress: '127.0.0.1' })
    const unclear = await admin({ IpAddress: 'not one', ServerName: 'x', ServerPath: '/', HttpHeaders: [] })
    expect(unclear).toMatchObject({ DeviceType: 'unknown' })
    expect(unclear).not.toHaveProperty('LastIPAddress')
  })

  it('UserNotFoundException for somebody who is not there', () =>
    expectRefusal(list('nobody'), 'UserNotFoundException', 'User does not exist.'))

  it('InvalidParameterException in a pool that does not track sessions', async () => {
    await setTracking(server, at.poolId, 'DISABLED')
    await expectRefusal(
      list('ann'),
      'InvalidParameterException',
      'User session tracking is not enabled for this user pool.',
    )
    await setTracking(server, at.poolId)
  })

  it('refuses an unsigned call', async () => {
    const { json } = await server.raw('AdminListUserSessions', { UserPoolId: at.poolId, Username: 'ann' })
    expect(json.__type).toBe('MissingAuthenticationTokenException')
  })
})
