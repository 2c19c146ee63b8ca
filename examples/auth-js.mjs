// Auth.js with its provider for Cognito, as Next.js, SvelteKit and others have it, in a server of node:http. Paste the line that
// the server prints at its start. Then: node examples/auth-js.mjs, and open what it prints in a browser.
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import { Auth } from '@auth/core'
import Cognito from '@auth/core/providers/cognito'
import { makePool, password, username } from './pool-with-a-user.mjs'

let config
const app = createServer(async (request, response) => {
  const answer = request.url.startsWith('/auth/') ? await Auth(await webRequest(request), config) : await home(request)
  response.writeHead(answer.status, [...answer.headers].flat())
  response.end(Buffer.from(await answer.arrayBuffer()))
})
await new Promise((done) => app.listen(Number(process.env.APP_PORT ?? 0), 'localhost', done))
const origin = `http://localhost:${app.address().port}`
const pool = await makePool({
  CallbackURLs: [`${origin}/auth/callback/cognito`],
  LogoutURLs: [`${origin}/`],
  GenerateSecret: true,
})
config = {
  // The three values that an app for Cognito has; only the issuer is another.
  providers: [Cognito({ issuer: pool.issuer, clientId: pool.clientId, clientSecret: pool.clientSecret })],
  secret: randomBytes(32).toString('hex'),
  basePath: '/auth',
  trustHost: true,
}
console.log(`Open ${origin}/ and sign in as ${username} with ${password}`)

/** The page of the app: who is signed in, as the session of Auth.js says. */
async function home(request) {
  const { cookie = '' } = request.headers
  const answer = await Auth(new Request(`${origin}/auth/session`, { headers: { cookie } }), config)
  const session = await answer.json()
  const body = session
    ? `<h1>Hello, ${escaped(session.user.email)}</h1><a href="/auth/signout">Sign out</a>`
    : '<h1>Nobody is signed in</h1><a href="/auth/signin">Sign in</a>'
  return new Response(`<!doctype html><html lang="en"><title>Auth.js</title>${body}</html>`, {
    headers: { 'content-type': 'text/html; charset=utf-8' },
  })
}

const escaped = (text) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)

/** A request of node:http as the web has it, which frameworks do for their users. */
async function webRequest(request) {
  const { url, method, headers } = request
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  const body = method === 'POST' ? Buffer.concat(chunks) : undefined
  return new Request(`${origin}${url}`, { method, headers, body })
}
