// What is good once is good once on all processes: a DPoP proof, a pushed request, a device's grant (RFC 9449 11.1, RFC 9126 4, RFC 8628
// 3.5). Two servers on one database, asked at the same moment.
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { makeProof, makeProofKey } from '../../test/dpop.ts'
import { makePool, startTestServer, type TestServer } from '../../test/harness.ts'
import { type App, appIn, CALLBACK, makeUser, PASSWORD } from '../../test/oauth.ts'
import { Browser } from '../../test/page-walker.ts'
import { postgresUrl } from '../../test/postgres.ts'

const PUBLIC_URL = 'http://id.example.com'
const ROUNDS = 5
let servers: TestServer[] = []
let app: App

beforeAll(async () => {
  const env = {
    DATABASE_URL: await postgresUrl(),
    DATABASE_CONNECTIONS: '4',
    COGNOMEN_MASTER_KEY: randomBytes(32).toString('base64'),
    PUBLIC_URL,
  }
  for (let i = 0; i < 2; i++) servers.push(await startTestServer({ engine: 'postgres', env }))
  const UserPoolTags = {
    'cognomen:dpop': 'on',
    'cognomen:pushed-authorization': 'on',
    'cognomen:device-grant:tv': 'on',
  }
  const first = servers[0] as TestServer
  const { Id } = await makePool(first, { UserPoolTags })
  app = await appIn(first, Id, { ClientName: 'tv' })
})
afterAll(async () => {
  for (const server of servers) await server.stop()
  servers = []
})

const post = (at: TestServer, endpoint: string, form: Record<string, string>, headers: Record<string, string> = {}) =>
  fetch(`${at.url}/${app.poolId}${endpoint}`, {
    method: 'POST',
    body: new URLSearchParams({ client_id: app.clientId, ...form }),
    headers,
  })
const jsonOf = async (response: Response) => (await response.json()) as Record<string, string>
const [one, other] = [() => servers[0] as TestServer, () => servers[1] as TestServer]

it('a proof', async () => {
  const key = await makeProofKey()
  const prove = (nonce?: string) => makeProof(key, { htu: `${PUBLIC_URL}/${app.poolId}/oauth2/token`, nonce })
  const form = { grant_type: 'refresh_token', refresh_token: 'x' }
  for (let round = 0; round < ROUNDS; round++) {
    const asked = await post(one(), '/oauth2/token', form, { dpop: await prove() })
    const dpop = await prove(asked.headers.get('dpop-nonce') ?? '')
    const both = await Promise.all(servers.map((at) => post(at, '/oauth2/token', form, { dpop }).then(jsonOf)))
    expect(both.map(({ error }) => error).sort()).toEqual(['invalid_dpop_proof', 'invalid_grant'])
  }
})

it('a request that was pushed', async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const pushed = { response_type: 'code', redirect_uri: CALLBACK }
    const { request_uri = '' } = await jsonOf(await post(one(), '/oauth2/par', pushed))
    const query = new URLSearchParams({ client_id: app.clientId, request_uri })
    const both = await Promise.all(
      servers.map(({ url }) => fetch(`${url}/${app.poolId}/oauth2/authorize?${query}`, { redirect: 'manual' })),
    )
    const pages = both.map(({ headers }) => /\/(login|error)\?/.exec(headers.get('location') ?? '')?.[1])
    expect(pages.sort()).toEqual(['error', 'login'])
  }
})

it("a device's grant, which one process gave, another allowed", async () => {
  const username = await makeUser(app)
  const { device_code = '', user_code = '' } = await jsonOf(await post(one(), '/oauth2/device_authorization', {}))
  const browser = new Browser()
  const typed = await browser.submit(await browser.get(`${other().url}/${app.poolId}/device`), { user_code })
  const consent = await browser.submit(typed, { username, password: PASSWORD })
  await browser.submit(consent, { decision: 'allow' })
  const form = { grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code }
  const both = await Promise.all([...servers, ...servers].map((at) => post(at, '/oauth2/token', form).then(jsonOf)))
  expect(both.filter(({ access_token }) => access_token)).toHaveLength(1)
  expect(both.filter(({ error }) => error === 'invalid_grant')).toHaveLength(3)
})
