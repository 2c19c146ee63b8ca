// Applications of Express with Passport, unchanged: the strategy of passport-openidconnect, and that of openid-client. Each
// signs a user in, reads who it is, and signs out.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express, { type RequestHandler } from 'express'
import * as oidc from 'openid-client'
import { Strategy as OpenidClientStrategy } from 'openid-client/passport'
import { Passport } from 'passport'
import OpenIDConnectStrategy from 'passport-openidconnect'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { useTestServer } from '../server/test/harness.ts'
import { type App, makeApp, makeUser, PASSWORD } from '../server/test/oauth.ts'
import { Browser, leaving } from '../server/test/page-walker.ts'

const server = useTestServer()
let site: Server
let origin: string
let handler: express.Express
let app: App
let username: string
beforeAll(async () => {
  site = createServer((request, response) => handler(request, response))
  await new Promise<void>((done) => site.listen(0, '127.0.0.1', done))
  origin = `http://localhost:${(site.address() as AddressInfo).port}`
  app = await makeApp(server, {
    client: { GenerateSecret: true, CallbackURLs: [`${origin}/callback`], LogoutURLs: [`${origin}/goodbye`] },
  })
  username = await makeUser(app, { email: 'ann@example.com', name: 'Ann' })
})
afterAll(() => void site?.close())

/** A session in memory, where an application would have express-session. */
function sessions(): RequestHandler {
  const kept = new Map<string, object>()
  return (request, response, next) => {
    const id = /\bsid=(\d+)/.exec(request.headers.cookie ?? '')?.[1] ?? String(kept.size + 1)
    if (!kept.has(id)) kept.set(id, {})
    response.cookie('sid', id, { httpOnly: true, sameSite: 'lax' })
    Object.assign(request, { session: kept.get(id) })
    next()
  }
}

type Given = { sub: string; idToken: string }

/** The application's own pages, as the documentation of Passport has them. */
function website(passport: InstanceType<typeof Passport>, strategy: string, signOutUrl: (user: Given) => string) {
  const website = express()
  website.use(sessions(), passport.initialize())
  website.get('/login', passport.authenticate(strategy, { session: false }))
  website.get('/callback', passport.authenticate(strategy, { session: false }), (request, response) => {
    const user = request.user as Given
    response.json({ user, signOut: signOutUrl(user) })
  })
  return website
}

/** A person who signs in to the site and out of it; resolves with what the site learned. */
async function walk(): Promise<Record<string, string>> {
  const [there, here] = [new Browser(), new Browser()]
  const begun = await leaving(here.get(`${origin}/login`))
  const page = await there.get(begun)
  const answered = await leaving(there.submit(page, { username, password: PASSWORD }))
  const done = await here.get(answered)
  expect([done.status, done.text.slice(0, 200)]).toEqual([200, expect.stringContaining('"user"')])
  const { user, signOut } = JSON.parse(done.text) as { user: Record<string, string>; signOut: string }
  expect((await leaving(there.get(signOut))).href).toBe(`${origin}/goodbye`)
  expect((await there.get(begun)).url.pathname).toBe(`/${app.poolId}/login`)
  return user
}

test('passport-openidconnect', async () => {
  const passport = new Passport()
  const strategy = new OpenIDConnectStrategy(
    {
      issuer: app.base,
      authorizationURL: `${app.base}/oauth2/authorize`,
      tokenURL: `${app.base}/oauth2/token`,
      userInfoURL: `${app.base}/oauth2/userInfo`,
      clientID: app.clientId,
      clientSecret: app.secret ?? '',
      callbackURL: `${origin}/callback`,
      scope: 'email profile',
      nonce: 'true',
      skipUserProfile: false,
    },
    (
      _issuer: string,
      profile: OpenIDConnectStrategy.Profile,
      _context: object,
      idToken: string | object,
      done: OpenIDConnectStrategy.VerifyCallback,
    ) => done(null, { sub: profile.id, name: profile.displayName, email: profile.emails?.[0]?.value, idToken }),
  )
  passport.use(strategy)
  handler = website(passport, strategy.name, ({ idToken }) => {
    const query = new URLSearchParams({ id_token_hint: idToken, post_logout_redirect_uri: `${origin}/goodbye` })
    return `${app.base}/logout?${query}`
  })
  expect(await walk()).toMatchObject({ sub: expect.any(String), name: 'Ann', email: 'ann@example.com' })
})

test("openid-client's strategy", async () => {
  const config = await oidc.discovery(new URL(app.base), app.clientId, app.secret, undefined, {
    execute: [oidc.allowInsecureRequests],
  })
  const passport = new Passport()
  const strategy = new OpenidClientStrategy(
    { config, scope: 'openid email', callbackURL: `${origin}/callback` },
    (tokens, verified) => {
      const claims = tokens.claims()
      verified(null, { sub: claims?.sub, email: claims?.['email'], idToken: tokens.id_token } as Express.User)
    },
  )
  passport.use(strategy)
  handler = website(
    passport,
    strategy.name,
    ({ idToken }) =>
      oidc.buildEndSessionUrl(config, { id_token_hint: idToken, post_logout_redirect_uri: `${origin}/goodbye` }).href,
  )
  expect(await walk()).toMatchObject({ sub: expect.any(String), email: 'ann@example.com' })
})
