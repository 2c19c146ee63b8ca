// A single-page app with oidc-client-ts: its page is single-page-app.html. Paste the line that the server prints at its start.
// Then: node examples/single-page-app.mjs, and open what it prints in a browser.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { makePool, password, username } from './pool-with-a-user.mjs'

const page = readFileSync(new URL('single-page-app.html', import.meta.url), 'utf8')
const library = join(
  dirname(createRequire(import.meta.url).resolve('oidc-client-ts')),
  '../browser/oidc-client-ts.min.js',
)

let settings
const app = createServer((request, response) => {
  const [type, body] =
    request.url === '/oidc-client-ts.js'
      ? ['text/javascript', readFileSync(library)]
      : request.url === '/settings.json'
        ? ['application/json', JSON.stringify(settings)]
        : ['text/html; charset=utf-8', page]
  response.writeHead(200, { 'content-type': type }).end(body)
})
await new Promise((done) => app.listen(Number(process.env.APP_PORT ?? 0), 'localhost', done))
const origin = `http://localhost:${app.address().port}/`
const { issuer, clientId } = await makePool({ CallbackURLs: [origin], LogoutURLs: [origin] })
settings = {
  authority: issuer,
  client_id: clientId,
  redirect_uri: origin,
  post_logout_redirect_uri: origin,
  scope: 'openid email profile',
}
console.log(`Open ${origin} and sign in as ${username} with ${password}`)
