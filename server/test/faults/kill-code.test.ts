// `kill -9` while authorization codes are redeemed: after the restart a code whose tokens arrived is used up and its tokens
// work, one that nobody asked about is good, and no code has given tokens twice.
import { AdminCreateUserCommand, AdminSetUserPasswordCommand } from '@aws-sdk/client-cognito-identity-provider'
import { expect, test } from 'vitest'
import { engines, startServer } from '../../../conformance/start-server.ts'
import { adminClient, makePool } from '../../../conformance/user-pool.ts'
import {
  authorizeUrl,
  CALLBACK,
  oauthSettings,
  PASSWORD,
  redeem,
  signInByPage,
  type TokenResponse,
  tokenCall,
} from '../oauth.ts'
import { Browser, leaving } from '../page-walker.ts'

const ROUNDS = process.env['COGNOMEN_LONG'] ? 100 : 8
const CODES = 12

test.concurrent.each(engines)(
  `%s gives nothing twice and loses nothing in ${ROUNDS} kills`,
  async (engine) => {
    const env = { PUBLIC_URL: 'http://cognomen.test', PUBLIC_CALLS_PER_MINUTE: '0' }
    const server = await startServer({ engine, env })
    const counts = { arrived: 0, lost: 0 }
    try {
      const sdk = adminClient(server)
      const { poolId, clientId } = await makePool(sdk, {}, oauthSettings)
      const ann = { UserPoolId: poolId, Username: 'ann' }
      await sdk.send(new AdminCreateUserCommand({ ...ann, MessageAction: 'SUPPRESS' }))
      await sdk.send(new AdminSetUserPasswordCommand({ ...ann, Password: PASSWORD, Permanent: true }))
      sdk.destroy()
      const app = () => ({
        base: `${server.url}/${poolId}`,
        poolId,
        clientId,
        secret: undefined,
        server: undefined as never,
      })
      const browser = new Browser()
      await signInByPage(app(), 'ann', {}, browser)

      for (let round = 0; round < ROUNDS; round++) {
        // The session is sealed in its cookie: it outlives the server.
        const codes: URL[] = []
        for (let i = 0; i < CODES; i++) codes.push(await leaving(browser.get(authorizeUrl(app(), { prompt: 'none' }))))
        for (const code of codes) expect(`${code.origin}${code.pathname}`).toBe(CALLBACK)
        const [untouched = new URL(CALLBACK), ...asked] = codes

        let answered = 0
        let enough = (): void => undefined
        const killed = new Promise<void>((resolve) => {
          enough = resolve
        }).then(() => server.kill())
        const attempt = async (code: URL): Promise<TokenResponse | undefined> => {
          try {
            return await redeem(app(), code)
          } catch {
            // The connection broke.
            return undefined
          } finally {
            if (++answered > (round * 5) % 18) enough()
          }
        }
        // Every second code is asked for by three at once.
        const calls = asked.map((code, i) =>
          Promise.all(Array.from({ length: i % 2 === 0 ? 1 : 3 }, () => attempt(code))),
        )
        const answers = await Promise.all(calls)
        await killed
        await server.restart()

        for (const [i, code] of asked.entries()) {
          const given = (answers[i] ?? []).filter((answer) => answer?.status === 200)
          expect(given.length).toBeLessThanOrEqual(1)
          const refresh_token = given[0]?.json['refresh_token']
          if (refresh_token !== undefined) counts.arrived++
          else counts.lost++
          if (refresh_token !== undefined && i % 2 === 0) {
            const refreshed = await tokenCall(app(), {
              grant_type: 'refresh_token',
              client_id: clientId,
              refresh_token,
            })
            expect(refreshed.status).toBe(200)
          }
          const again = await redeem(app(), code)
          // Used up where tokens arrived; elsewhere the redemption may have been written or not.
          if (refresh_token !== undefined) expect(again.json).toEqual({ error: 'invalid_grant' })
          else expect([200, 400]).toContain(again.status)
          expect((await redeem(app(), code)).json).toEqual({ error: 'invalid_grant' })
        }
        expect((await redeem(app(), untouched)).status).toBe(200)
        expect(server.output()).not.toContain('"level":50')
      }
      // Kills that come before or after everything would prove nothing.
      expect(counts.arrived).toBeGreaterThan(ROUNDS / 2)
      expect(counts.lost).toBeGreaterThan(ROUNDS / 2)
    } finally {
      await server.stop()
    }
  },
  ROUNDS * 15_000,
)
