// What the places of addresses and a list of bad ones change (docs/behaviour/threat-protection.md).
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  AdminListUserSessionsCommand,
  InitiateAuthCommand,
  ListUserSessionsCommand,
  SetRiskConfigurationCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import {
  expectRefusal,
  makeClient,
  makePool,
  makeUser,
  startTestServer,
  type TestPool,
  useTestServer,
} from '../../../test/harness.ts'
import { mmdb } from '../../../test/mmdb.ts'
import { until } from '../../../test/outbox-parts.ts'
import { ENFORCED, eventsOf, type From, HOME, signInFrom } from '../../../test/threats.ts'
import { setTracking } from '../../../test/user-sessions.ts'

const BLOCKED = 'Unable to login because of security reasons.'
const HOUR = 60 * 60 * 1000
/** The device of HOME in other places. */
const GENEVA: From = { address: '198.51.100.7' }
const NEW_YORK: From = { address: '203.0.113.9' }
const BAD: From = { address: '198.18.0.1' }

const folder = mkdtempSync(join(tmpdir(), 'places-'))
afterAll(() => rmSync(folder, { recursive: true }))
const geoip = join(folder, 'city.mmdb')
writeFileSync(
  geoip,
  mmdb({
    '192.0.2.0/24': { city: 'Zurich', country: ['CH', 'Switzerland'], at: [47.37, 8.54, 20] },
    '198.51.100.0/24': { city: 'Geneva', country: ['CH', 'Switzerland'], at: [46.2, 6.14, 20] },
    '203.0.113.0/24': { country: ['US', 'United <States>'], at: [40.71, -74.01, 100] },
  }),
)
const bad = join(folder, 'bad')
writeFileSync(bad, '# known to be bad\n198.18.0.0/15\n')

describe('places of addresses in threat protection', () => {
  const server = useTestServer({ env: { GEOIP_FILE: geoip, BAD_ADDRESSES_FILE: bad } })
  let pool: TestPool
  beforeEach(async () => {
    const { Id } = await makePool(server, ENFORCED)
    pool = { poolId: Id, clientId: (await makeClient(server, Id)).ClientId }
    await makeUser(server, Id, 'ann', { email: `ann-${Id}@example.com`, email_verified: 'true' })
    await signInFrom(server, pool, HOME)
  })
  const newest = async () => (await eventsOf(server, pool.poolId))[0]
  const risk = async () => (await newest())?.EventRisk

  it('events say city and country, as far as they are known', async () => {
    expect((await newest())?.EventContextData).toEqual({
      IpAddress: HOME.address,
      DeviceName: 'Firefox 128 / Linux',
      City: 'Zurich',
      Country: 'Switzerland',
    })
    server.clock.advance(24 * HOUR)
    await expectRefusal(signInFrom(server, pool, NEW_YORK, { password: 'Wrong-1-password' }), 'NotAuthorizedException')
    const failed = (await newest())?.EventContextData
    expect(failed).toHaveProperty('Country', 'United <States>')
    expect(failed).not.toHaveProperty('City')
  })

  it('another country is a risk, once', async () => {
    server.clock.advance(24 * HOUR)
    await signInFrom(server, pool, NEW_YORK)
    expect(await risk()).toMatchObject({ RiskDecision: 'AccountTakeover', RiskLevel: 'Medium' })
    server.clock.advance(HOUR)
    await signInFrom(server, pool, NEW_YORK)
    expect(await risk()).toMatchObject({ RiskDecision: 'NoRisk' })
  })

  it('a place that nobody can have reached since the last sign-in is a high risk, and blocked', async () => {
    server.clock.advance(5 * HOUR)
    await expectRefusal(signInFrom(server, pool, NEW_YORK), 'NotAuthorizedException', BLOCKED)
    expect(await risk()).toMatchObject({ RiskDecision: 'Block', RiskLevel: 'High' })
    // The user is still where they were: what was blocked is no sign-in.
    server.clock.advance(60_000)
    expect(await signInFrom(server, pool, HOME)).toHaveProperty('AuthenticationResult')
    server.clock.advance(8 * HOUR)
    expect(await signInFrom(server, pool, NEW_YORK)).toHaveProperty('AuthenticationResult')
  })

  it('within a country, too', async () => {
    server.clock.advance(60_000)
    await signInFrom(server, pool, GENEVA)
    expect(await risk()).toMatchObject({ RiskLevel: 'Medium' })
  })

  it('messages name city and country', async () => {
    await server.admin.send(
      new SetRiskConfigurationCommand({
        UserPoolId: pool.poolId,
        AccountTakeoverRiskConfiguration: {
          Actions: { MediumAction: { Notify: true, EventAction: 'NO_ACTION' } },
          NotifyConfiguration: {
            SourceArn: 'arn:aws:ses:us-east-1:000000000000:identity/example.com',
            NoActionEmail: { Subject: 'From {country}', HtmlBody: '{city}, {country}' },
          },
        },
      }),
    )
    server.clock.advance(24 * HOUR)
    await signInFrom(server, pool, NEW_YORK)
    const message = (await server.outbox.messages(1000)).find(({ to }) => to === `ann-${pool.poolId}@example.com`)
    expect(message).toMatchObject({ subject: 'From United <States>', body: 'unknown, United &lt;States&gt;' })
  })

  it('an address that is known to be bad is a high risk, and so blocked', async () => {
    await expectRefusal(signInFrom(server, pool, BAD), 'NotAuthorizedException', BLOCKED)
    expect(await risk()).toMatchObject({ RiskDecision: 'Block', RiskLevel: 'High' })
    const RiskExceptionConfiguration = { SkippedIPRangeList: ['198.18.0.0/16'] }
    await server.admin.send(new SetRiskConfigurationCommand({ UserPoolId: pool.poolId, RiskExceptionConfiguration }))
    expect(await signInFrom(server, pool, BAD)).toHaveProperty('AuthenticationResult')
  })

  it('a list that takes the place of the bad ones is in force without a start', async () => {
    const address = '198.51.100.99'
    writeFileSync(join(folder, 'next'), address)
    renameSync(join(folder, 'next'), bad)
    await until(() =>
      signInFrom(server, pool, { address }).then(
        () => false,
        () => true,
      ),
    )
    expect(await risk()).toMatchObject({ RiskDecision: 'Block', RiskLevel: 'High' })
    writeFileSync(bad, '198.18.0.0/15')
  })

  it('sessions say where they were active last', async () => {
    await setTracking(server, pool.poolId)
    const { AuthenticationResult } = await signInFrom(server, pool, HOME)
    const shown = async () => {
      const named = { UserPoolId: pool.poolId, Username: 'ann' }
      const { AccessToken } = AuthenticationResult ?? {}
      const [own, all] = [
        await server.app.send(new ListUserSessionsCommand({ AccessToken })),
        await server.admin.send(new AdminListUserSessionsCommand(named)),
      ]
      expect(all.Sessions?.[0]?.LastLocation).toEqual(own.Sessions?.[0]?.LastLocation)
      return own.Sessions?.[0]
    }
    expect(await shown()).toMatchObject({
      LastIPAddress: HOME.address,
      LastLocation: { City: 'Zurich', Country: 'Switzerland' },
    })
    const { RefreshToken } = AuthenticationResult ?? {}
    await server.app.send(
      new InitiateAuthCommand({
        ClientId: pool.clientId,
        AuthFlow: 'REFRESH_TOKEN_AUTH',
        AuthParameters: { REFRESH_TOKEN: RefreshToken as string },
      }),
    )
    const refreshed = await shown()
    expect(refreshed?.LastIPAddress).toBe('127.0.0.1')
    expect(refreshed).not.toHaveProperty('LastLocation')
  })
})

it.each(['GEOIP_FILE', 'BAD_ADDRESSES_FILE'])('%s that cannot be used refuses the start', async (setting) => {
  const none = join(folder, 'none')
  await expect(startTestServer({ env: { [setting]: none } })).rejects.toThrow(
    `${setting} names ${none}, which cannot be used: `,
  )
})
