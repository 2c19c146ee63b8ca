import { CognitoIdentityClient, DescribeIdentityCommand, GetIdCommand } from '@aws-sdk/client-cognito-identity'
import { describe, expect, it } from 'vitest'
import { engines, expectRefusal, startTestServer, useTestServer } from '../../../test/harness.ts'
import { rawIdentityCall } from '../../../test/identity.ts'
import { makeIdentityWorld, useIdentityWorld } from '../../../test/identity-world.ts'
import { postgresUrl } from '../../../test/postgres.ts'

const UNSUPPORTED = 'Token is not from a supported provider of this identity pool.'
const GUESTS_OFF = 'Unauthenticated access is not supported for this identity pool.'

describe.each(engines)('GetId on %s', (engine) => {
  const server = useTestServer({ engine })
  const world = useIdentityWorld(server)
  const getId = (input: object) =>
    world.app.send(new GetIdCommand({ IdentityPoolId: world.poolId, ...input })).then(({ IdentityId }) => IdentityId)
  const refused = (input: object, name: string, message: string) => expectRefusal(getId(input), name, message)
  const providersOf = async (IdentityId: string | undefined) =>
    (await world.admin.send(new DescribeIdentityCommand({ IdentityId }))).Logins

  it('gives every guest an identity of the region', async () => {
    const ids = [await getId({}), await getId({ Logins: {} }), await getId({ AccountId: server.accountId })]
    expect(new Set(ids).size).toBe(3)
    for (const id of ids)
      expect(id).toMatch(/^us-east-1:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(await providersOf(ids[0])).toBeUndefined()
  })

  it('accepts the form that Amplify sends for a guest', async () => {
    for (const Logins of [{}, null, undefined]) {
      const { status, json } = await rawIdentityCall(server, 'GetId', { IdentityPoolId: world.poolId, Logins })
      expect([status, Object.keys(json)]).toEqual([200, ['IdentityId']])
    }
  })

  it('gives a user the same identity at every sign-in and by either name of the user pool, and another to another', async () => {
    const { IdToken } = await world.tokensOf('ada')
    const id = await getId({ Logins: { [world.provider]: IdToken } })
    expect(await getId({ Logins: await world.loginsOf('ada') })).toBe(id)
    const ownName = `${server.publicUrl.replace('http://', '')}/${world.userPoolId}`
    expect(await getId({ Logins: { [ownName]: IdToken } })).toBe(id)
    expect(await getId({ Logins: { [ownName]: IdToken, [world.provider]: IdToken } })).toBe(id)
    expect(await getId({ Logins: await world.loginsOf('bea') })).not.toBe(id)
    expect(await providersOf(id)).toEqual([world.provider])
    const other = await world.makePool()
    expect(await getId({ IdentityPoolId: other, Logins: { [world.provider]: IdToken } })).not.toBe(id)
  })

  it('accepts user pools that are configured by the name of this server', async () => {
    const ProviderName = `${server.publicUrl.replace('http://', '')}/${world.userPoolId}`
    const pool = await world.makePool({ CognitoIdentityProviders: [{ ProviderName, ClientId: world.clientId }] })
    const { IdToken } = await world.tokensOf('ada')
    const id = await world.getId({ [world.provider]: IdToken }, pool)
    expect(await world.getId({ [ProviderName]: IdToken }, pool)).toBe(id)
  })

  it('creates one identity for twenty concurrent first sign-ins', async () => {
    const Logins = await world.loginsOf('crowd')
    const ids = await Promise.all(Array.from({ length: 20 }, () => getId({ Logins })))
    expect(new Set(ids).size).toBe(1)
    const rows = Array.from({ length: 20 }, () => ({ Logins: {} }))
    expect(new Set(await Promise.all(rows.map(getId))).size).toBe(20)
  })

  it('accepts signed calls as well', async () => {
    const { IdentityId } = await world.admin.send(new GetIdCommand({ IdentityPoolId: world.poolId }))
    expect(IdentityId).toBeDefined()
    const wrong = { accessKeyId: 'AKIAWRONGWRONGWRONGW', secretAccessKey: 'wrong' }
    const { url: endpoint, region } = server
    const signer = new CognitoIdentityClient({ endpoint, region, credentials: wrong, maxAttempts: 1 })
    expect(await signer.send(new GetIdCommand({ IdentityPoolId: world.poolId }))).toBeDefined()
  })

  it('refuses guests when the pool does not allow them', async () => {
    const pool = await world.makePool({ AllowUnauthenticatedIdentities: false })
    await refused({ IdentityPoolId: pool }, 'NotAuthorizedException', GUESTS_OFF)
    await refused({ IdentityPoolId: pool, Logins: {} }, 'NotAuthorizedException', GUESTS_OFF)
    expect(await getId({ IdentityPoolId: pool, Logins: await world.loginsOf('ada') })).toBeDefined()
  })

  it('refuses unknown pools, and pools of another account', async () => {
    const unknown = `us-east-1:${'0'.repeat(8)}-0000-4000-8000-${'0'.repeat(12)}`
    await refused({ IdentityPoolId: unknown }, 'ResourceNotFoundException', `IdentityPool '${unknown}' not found.`)
    await refused({ AccountId: '123456789012' }, 'NotAuthorizedException', 'Access to this identity pool is forbidden.')
  })

  it('refuses providers that the pool does not have, whatever they are called', async () => {
    const { IdToken } = await world.tokensOf('ada')
    for (const name of ['accounts.google.com', '__proto__', 'constructor', 'toString', `${world.provider}x`, 'x'])
      await rawIdentityCall(server, 'GetId', {
        IdentityPoolId: world.poolId,
        Logins: JSON.parse(`{${JSON.stringify(name)}:${JSON.stringify(IdToken)}}`),
      }).then(({ status, json }) =>
        expect([name, status, json]).toEqual([name, 400, { __type: 'NotAuthorizedException', message: UNSUPPORTED }]),
      )
    await refused(
      { Logins: { 'login.example.app': 'ada' } },
      'InvalidParameterException',
      'Please provide a valid public provider',
    )
  })

  it('refuses the call for one invalid login', async () => {
    const Logins = { ...(await world.loginsOf('ada')), 'accounts.google.com': 'x' }
    await refused({ Logins }, 'NotAuthorizedException', UNSUPPORTED)
  })
})

describe('GetId through two servers on one PostgreSQL', () => {
  it('creates one identity for twenty concurrent first sign-ins', async () => {
    const env = {
      DATABASE_URL: await postgresUrl(),
      COGNOMEN_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
      PUBLIC_URL: 'http://cognomen.test',
    }
    const servers = [await startTestServer({ env }), await startTestServer({ env })]
    const [first] = servers as [(typeof servers)[0]]
    const world = await makeIdentityWorld(first)
    try {
      for (const name of ['ada', 'bea', 'cy']) {
        const body = { IdentityPoolId: world.poolId, Logins: await world.loginsOf(name) }
        const answers = await Promise.all(
          Array.from({ length: 20 }, (_, i) => rawIdentityCall(servers[i % 2] ?? first, 'GetId', body)),
        )
        expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200))
        expect(new Set(answers.map(({ json }) => json['IdentityId'])).size).toBe(1)
      }
    } finally {
      world.close()
      await Promise.all(servers.map((server) => server.stop()))
    }
  })
})
