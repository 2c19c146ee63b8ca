// Whose address counts: what a client says of its users only where it may, X-Forwarded-For only behind a trusted proxy
// (docs/reference/user-pools.md 15, docs/reference/threats.md 66).
import { createHmac } from 'node:crypto'
import {
  AdminInitiateAuthCommand,
  type AdminInitiateAuthCommandInput,
  AdminRespondToAuthChallengeCommand,
  SetRiskConfigurationCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  expectRefusal,
  makeClient,
  makePool,
  makeUser,
  PASSWORD,
  type RawAnswer,
  useTestServer,
} from '../../../test/harness.ts'
import { ENFORCED, eventsOf } from '../../../test/threats.ts'

const NOT_YOURS = 'Cannot use IP Address passed into UserContextData'
const NO_ADDRESS = 'IpAddress must be an IPv4 or IPv6 address.'
/** Of the header and of what a client says. */
const [FORWARDED, TOLD] = ['192.0.2.55', '203.0.113.9']
const BLOCKED_RANGE = '198.18.0.0/15'
const BLOCKED = '198.18.0.1'

interface App {
  readonly clientId: string
  readonly secret?: string | undefined
}

describe.each([
  ['behind a trusted proxy', { TRUSTED_PROXIES: '127.0.0.0/8' }, FORWARDED],
  ['without a trusted proxy', {}, '127.0.0.1'],
])('%s', (_, env, seen) => {
  const server = useTestServer({ env })
  let poolId: string
  let passing: App
  let silent: App
  let open: App
  beforeAll(async () => {
    poolId = (await makePool(server, ENFORCED)).Id
    const app = async (settings: Parameters<typeof makeClient>[2]): Promise<App> => {
      const { ClientId, ClientSecret } = await makeClient(server, poolId, settings)
      return { clientId: ClientId, secret: ClientSecret }
    }
    passing = await app({ GenerateSecret: true, EnablePropagateAdditionalUserContextData: true })
    silent = await app({ GenerateSecret: true })
    open = await app({})
    await makeUser(server, poolId, 'ann')
    await server.admin.send(
      new SetRiskConfigurationCommand({
        UserPoolId: poolId,
        RiskExceptionConfiguration: { BlockedIPRangeList: [BLOCKED_RANGE] },
      }),
    )
  })
  const newestAddress = async () => (await eventsOf(server, poolId))[0]?.EventContextData?.IpAddress
  const signIn = ({ clientId, secret }: App, IpAddress?: string, forwarded = FORWARDED): Promise<RawAnswer> => {
    server.clock.advance(1000)
    const SECRET_HASH = secret && createHmac('sha256', secret).update(`ann${clientId}`).digest('base64')
    return server.raw(
      'InitiateAuth',
      {
        ClientId: clientId,
        AuthFlow: 'USER_PASSWORD_AUTH',
        AuthParameters: { USERNAME: 'ann', PASSWORD, ...(SECRET_HASH && { SECRET_HASH }) },
        ...(IpAddress !== undefined && { UserContextData: { IpAddress } }),
      },
      { 'x-forwarded-for': forwarded },
    )
  }

  it('the address is that of the connection, as the proxy tells it', async () => {
    for (const app of [passing, silent, open]) {
      expect(await signIn(app)).toMatchObject({ status: 200 })
      expect(await newestAddress()).toBe(seen)
    }
  })

  it('what a client says counts with EnablePropagateAdditionalUserContextData, above the header', async () => {
    expect(await signIn(passing, TOLD)).toMatchObject({ status: 200 })
    expect(await newestAddress()).toBe(TOLD)
    // Without the secret it is not the client.
    const impostor = await signIn({ clientId: passing.clientId, secret: 'x'.repeat(32) }, TOLD)
    expect(impostor.json.__type).toBe('NotAuthorizedException')
  })

  it('and is refused of a client without that, and of one without a secret', async () => {
    const before = (await eventsOf(server, poolId)).length
    for (const app of [silent, open]) {
      const { json } = await signIn(app, TOLD)
      expect(json).toMatchObject({ __type: 'InvalidParameterException', message: NOT_YOURS })
    }
    expect(await eventsOf(server, poolId)).toHaveLength(before)
  })

  it('a blocked range is judged by the address that counts, and by no other', async () => {
    expect((await signIn(passing, BLOCKED)).json.message).toBe('Request not allowed due to security reasons.')
    expect(await signIn(passing, TOLD, BLOCKED)).toMatchObject({ status: 200 })
    const byHeader = await signIn(open, undefined, BLOCKED)
    expect(byHeader.json.message).toBe(seen === FORWARDED ? 'Request not allowed due to security reasons.' : undefined)
    // What stands before the entry of the proxy was written by the client.
    expect((await signIn(open, undefined, `${BLOCKED}, ${FORWARDED}`)).status).toBe(200)
    expect(await newestAddress()).toBe(seen)
  })

  it('a text that is no address is refused, as it would be in no range', async () => {
    for (const text of ['unknown', `${TOLD}, ${FORWARDED}`, ''])
      expect([text, (await signIn(passing, text)).json.message]).toEqual([text, NO_ADDRESS])
    expect(await signIn(passing, `[2001:db8::1]:443`)).toMatchObject({ status: 200 })
    expect(await newestAddress()).toBe('2001:db8::1')
  })

  it('an administrator says it in ContextData, else the address is that of the administrator', async () => {
    const begin = (ContextData?: AdminInitiateAuthCommandInput['ContextData']) => {
      server.clock.advance(1000)
      return server.admin.send(
        new AdminInitiateAuthCommand({
          UserPoolId: poolId,
          ClientId: open.clientId,
          AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
          AuthParameters: { USERNAME: 'ann', PASSWORD },
          ContextData,
        }),
      )
    }
    const from = (IpAddress: string) => ({ IpAddress, ServerName: 'shop', ServerPath: '/', HttpHeaders: [] })
    await begin(from(TOLD))
    expect(await newestAddress()).toBe(TOLD)
    await begin()
    expect(await newestAddress()).toBe('127.0.0.1')
    await expectRefusal(begin(from(BLOCKED)), 'NotAuthorizedException', 'Request not allowed due to security reasons.')
    await expectRefusal(begin(from('unknown')), 'InvalidParameterException', NO_ADDRESS)
    const answer = new AdminRespondToAuthChallengeCommand({
      UserPoolId: poolId,
      ClientId: open.clientId,
      ChallengeName: 'SMS_MFA',
      ChallengeResponses: { USERNAME: 'ann', SMS_MFA_CODE: '123456' },
      ContextData: from('unknown'),
    })
    await expectRefusal(server.admin.send(answer), 'InvalidParameterException', NO_ADDRESS)
  })

  it('in a pool without threat protection nothing is refused', async () => {
    const { Id } = await makePool(server)
    const { ClientId } = await makeClient(server, Id)
    await makeUser(server, Id, 'ann')
    expect(await signIn({ clientId: ClientId }, TOLD)).toMatchObject({ status: 200 })
    expect(await signIn({ clientId: ClientId }, 'unknown')).toMatchObject({ status: 200 })
  })
})
