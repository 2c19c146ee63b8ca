// Users who come into a pool by signing in are made in its primary region alone; triggers are those of the region.
import { InitiateAuthCommand, UpdateUserPoolCommand } from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { idClaims, makeFederatedApp, ownProvider } from '../../../test/federated-app.ts'
import {
  claimsOf,
  expectRefusal,
  makeClient,
  makePool,
  makeUser,
  PASSWORD,
  signIn,
  useTestServer,
} from '../../../test/harness.ts'
import { authorizeUrl } from '../../../test/oauth.ts'
import { signInAtProvider, useOpenIdProvider } from '../../../test/openid-providers.ts'
import { Browser } from '../../../test/page-walker.ts'
import { inRegion, replicate, SECOND } from '../../../test/regions.ts'

const lambda = (region: string, name: string) => `arn:aws:lambda:${region}:123456789012:function:${name}`
const directory = lambda('us-east-1', 'directory')

describe('in a secondary region', () => {
  const asked: string[] = []
  const tokens = async (event: object) => ({
    ...event,
    response: { claimsOverrideDetails: { claimsToAddOrOverride: { region: (event as { region: string }).region } } },
  })
  const server = useTestServer({
    env: { FURTHER_REGIONS: SECOND },
    triggers: {
      [directory]: async (event: object) => {
        asked.push((event as { userName: string }).userName)
        const response = { userAttributes: {}, finalUserStatus: 'CONFIRMED', messageAction: 'SUPPRESS' }
        return { ...event, response }
      },
      [lambda(SECOND, 'tokens')]: tokens,
    },
  })
  const upstream = useOpenIdProvider()

  it('nobody comes over from another directory, and nobody is asked', async () => {
    const { Id } = await makePool(server, { LambdaConfig: { UserMigration: directory } })
    const { ClientId } = await makeClient(server, Id)
    await replicate(server, Id)
    const begin = (at: typeof server) =>
      at.app.send(
        new InitiateAuthCommand({
          ClientId,
          AuthFlow: 'USER_PASSWORD_AUTH',
          AuthParameters: { USERNAME: 'ada', PASSWORD },
        }),
      )
    await expectRefusal(begin(inRegion(server, SECOND)), 'UserNotFoundException')
    expect(asked).toEqual([])
    expect((await begin(server)).AuthenticationResult).toBeDefined()
    expect(asked).toEqual(['ada'])
    expect((await begin(inRegion(server, SECOND))).AuthenticationResult).toBeDefined()
  })

  it('users of an identity provider sign in when they have been in the primary region', async () => {
    const app = await makeFederatedApp(server, { providers: [ownProvider(upstream.url)] })
    await replicate(server, app.poolId)
    const there = { ...app, base: `${server.publicUrl}/regions/${SECOND}/${app.poolId}` }
    upstream.account = { sub: 'grace', email: 'grace@example.com' }
    const begin = (at: typeof app) => signInAtProvider(new Browser(), authorizeUrl(at, { identity_provider: 'Own' }))
    const refused = await begin(there)
    expect(refused.searchParams.get('error_description')).toBe(
      'New users sign in for the first time in the primary region of the user pool.',
    )
    const first = await idClaims(app, await begin(app))
    const second = await idClaims(there, await begin(there))
    expect([second['sub'], second['iss']]).toEqual([first['sub'], there.base])
  })

  it('the triggers of the region are asked', async () => {
    const { Id } = await makePool(server)
    const { ClientId } = await makeClient(server, Id)
    await makeUser(server, Id, 'ada')
    await replicate(server, Id)
    const second = inRegion(server, SECOND)
    const LambdaConfig = { PreTokenGeneration: lambda(SECOND, 'tokens') }
    await second.admin.send(new UpdateUserPoolCommand({ UserPoolId: Id, LambdaConfig }))
    expect(claimsOf((await signIn(second, ClientId, 'ada')).IdToken)['region']).toBe(SECOND)
    expect(claimsOf((await signIn(server, ClientId, 'ada')).IdToken)['region']).toBeUndefined()
  })
})
