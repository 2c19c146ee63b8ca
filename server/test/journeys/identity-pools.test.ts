// Unchanged credential clients through the life of an app's user: a guest who signs in, and comes back.
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { fromCognitoIdentity, fromCognitoIdentityPool } from '@aws-sdk/credential-providers'
import { Amplify } from 'aws-amplify'
import { fetchAuthSession, signIn, signOut } from 'aws-amplify/auth'
import { ConsoleLogger } from 'aws-amplify/utils'
import { afterAll, describe, expect, it } from 'vitest'
import { engines, PASSWORD, useTestServer } from '../harness.ts'
import { developerToken } from '../identity.ts'
import { DEVELOPER_PROVIDER, POOL_PRINCIPAL, useIdentityWorld } from '../identity-world.ts'

// It warns of every endpoint that is not AWS's.
ConsoleLogger.LOG_LEVEL = 'ERROR'

/** What the SDK keeps identity ids in. */
class MemoryStorage {
  readonly items = new Map<string, string>()
  getItem = (key: string): string | null => this.items.get(key) ?? null
  setItem = (key: string, value: string): void => void this.items.set(key, value)
  removeItem = (key: string): void => void this.items.delete(key)
}

describe.each(engines)('on %s', (engine) => {
  const server = useTestServer({ engine })
  const world = useIdentityWorld(server)
  const clientConfig = () => ({ endpoint: server.url, region: server.region })
  type Provider = ReturnType<typeof fromCognitoIdentityPool>
  const arnOf = async (credentials: Provider) => {
    const sts = new STSClient({ ...clientConfig(), credentials })
    try {
      return (await sts.send(new GetCallerIdentityCommand({}))).Arn?.split('/').slice(1).join('/')
    } finally {
      sts.destroy()
    }
  }

  it("the SDK's providers give credentials to a guest, then to the user that the guest becomes", async () => {
    const cache = new MemoryStorage()
    const common = { identityPoolId: world.poolId, clientConfig: clientConfig(), cache, accountId: server.accountId }
    const guest = fromCognitoIdentityPool(common)
    const { identityId, expiration } = await guest()
    expect(expiration?.getTime()).toBeGreaterThan(server.clock.now() + 3_500_000)
    expect(await arnOf(guest)).toBe('Guest/CognitoIdentityCredentials')
    // Another start of the app: the guest is still the same.
    expect((await fromCognitoIdentityPool(common)()).identityId).toBe(identityId)
    const logins = await world.loginsOf('ada')
    const user = fromCognitoIdentity({ identityId, logins, clientConfig: clientConfig() })
    expect(await arnOf(user)).toBe('Authenticated/CognitoIdentityCredentials')
    const later = fromCognitoIdentityPool({ ...common, logins, userIdentifier: 'ada' })
    expect((await later()).identityId).toBe(identityId)
    // A token that is asked for when it is needed.
    const lazy = fromCognitoIdentityPool({
      ...common,
      logins: { [world.provider]: async () => (await world.tokensOf('ada')).IdToken },
    })
    expect((await lazy()).identityId).toBe(identityId)
  })

  it('a device signs in with what its developer’s backend gave it', async () => {
    const { id, token } = await developerToken(world.admin, world.poolId, { [DEVELOPER_PROVIDER]: 'user-1' })
    const device = fromCognitoIdentity({
      identityId: id,
      logins: { [POOL_PRINCIPAL]: token },
      clientConfig: clientConfig(),
    })
    expect(await arnOf(device)).toBe('Authenticated/CognitoIdentityCredentials')
  })

  describe('Amplify', () => {
    afterAll(() => signOut())

    it('has a session as a guest, keeps the identity through the sign-in, and finds it again', async () => {
      Amplify.configure({
        Auth: {
          Cognito: {
            userPoolId: world.userPoolId,
            userPoolClientId: world.clientId,
            userPoolEndpoint: server.url,
            identityPoolId: world.poolId,
            identityPoolEndpoint: server.url,
            allowGuestAccess: true,
          },
        },
      })
      const guest = await fetchAuthSession({ forceRefresh: true })
      expect(guest.tokens).toBeUndefined()
      expect(guest.credentials?.sessionToken).toBeDefined()
      await world.tokensOf('cy')
      await signIn({ username: 'cy', password: PASSWORD, options: { authFlowType: 'USER_PASSWORD_AUTH' } })
      const user = await fetchAuthSession()
      expect(user.identityId).toBe(guest.identityId)
      expect(user.userSub).toBeDefined()
      const { accessKeyId = '', secretAccessKey = '', sessionToken } = user.credentials ?? {}
      const signer = async () => ({ accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) })
      expect(await arnOf(signer as Provider)).toBe('Authenticated/CognitoIdentityCredentials')
      await signOut()
      const next = await fetchAuthSession({ forceRefresh: true })
      expect(next.identityId).not.toBe(user.identityId)
      await signIn({ username: 'cy', password: PASSWORD, options: { authFlowType: 'USER_PASSWORD_AUTH' } })
      expect((await fetchAuthSession()).identityId).toBe(user.identityId)
    })
  })
})
