import { GetUserAuthFactorsCommand } from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { expectRefusal, makeUser, signIn, usePool, useTestServer } from '../../../test/harness.ts'

describe('GetUserAuthFactors', () => {
  const server = useTestServer()
  const at = usePool(server)

  const factors = async (AccessToken: string) => {
    const { $metadata: _, ...answer } = await server.app.send(new GetUserAuthFactorsCommand({ AccessToken }))
    return answer
  }

  it('tells users what they can sign in with', async () => {
    await makeUser(server, at.poolId, 'ann', { email: 'ann@example.org', email_verified: 'true' })
    expect(await factors((await signIn(server, at.clientId, 'ann')).AccessToken)).toEqual({
      Username: 'ann',
      ConfiguredUserAuthFactors: ['PASSWORD', 'EMAIL_OTP'],
    })
  })

  it('refuses what is no access token', async () => {
    await makeUser(server, at.poolId, 'bob')
    const { IdToken } = await signIn(server, at.clientId, 'bob')
    await expectRefusal(factors(IdToken), 'NotAuthorizedException', 'Invalid Access Token')
  })
})
