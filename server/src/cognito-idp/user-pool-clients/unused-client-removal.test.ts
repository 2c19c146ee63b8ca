import { DescribeUserPoolClientCommand } from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it, vi } from 'vitest'
import { engines, makePool, useTestServer } from '../../../test/harness.ts'
import { appIn, authorizeUrl, CALLBACK, makeUser, PASSWORD, redeem, tokenCall } from '../../../test/oauth.ts'
import { Browser, leaving } from '../../../test/page-walker.ts'

const DAY_MS = 24 * 60 * 60 * 1000

describe.each(engines)('REGISTERED_CLIENT_DAYS on %s', (engine) => {
  const server = useTestServer({ engine, env: { REGISTERED_CLIENT_DAYS: '7' } })

  it('deletes clients that registered themselves and were not used since, and no others', async () => {
    const { Id: poolId } = await makePool(server, { DcrConfiguration: { OpenDcrEnabled: true } })
    const made = await appIn(server, poolId)
    const register = async () => {
      const response = await fetch(`${made.base}/oauth2/register`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ redirect_uris: [CALLBACK] }),
      })
      return (await response.json()) as { client_id: string; client_secret: string }
    }
    const there = (ClientId: string): Promise<boolean | string> =>
      server.admin.send(new DescribeUserPoolClientCommand({ UserPoolId: poolId, ClientId })).then(
        () => true,
        ({ name }) => (name === 'ResourceNotFoundException' ? false : name),
      )
    const [unused, refreshed] = [await register(), await register()]
    const username = await makeUser(made)
    const app = { ...made, clientId: refreshed.client_id }
    const browser = new Browser()
    const page = await browser.submit(await browser.get(authorizeUrl(app)), { username, password: PASSWORD })
    const answered = await leaving(browser.submit(page, { decision: 'allow' }))
    const { json } = await redeem(app, answered, { client_secret: refreshed.client_secret })
    server.clock.advance(5 * DAY_MS)
    const form = { client_id: app.clientId, client_secret: refreshed.client_secret }
    const refresh = { grant_type: 'refresh_token', refresh_token: json['refresh_token'] as string, ...form }
    expect((await tokenCall(app, refresh)).status).toBe(200)
    const young = await register()
    server.clock.advance(2.5 * DAY_MS)
    await vi.waitFor(async () => expect(await there(unused.client_id)).toBe(false), { timeout: 20_000, interval: 200 })
    for (const { client_id: id } of [refreshed, young]) expect(await there(id)).toBe(true)
    expect(await there(made.clientId)).toBe(true)
    server.clock.advance(5 * DAY_MS)
    await vi.waitFor(async () => expect(await there(refreshed.client_id)).toBe(false), {
      timeout: 20_000,
      interval: 200,
    })
    expect(await there(made.clientId)).toBe(true)
  })
})
