// A pool with a user, and an app client of this app: writes what Auth.js must know of it to .env.local.
import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { makePool, password, username } from '../pool-with-a-user.mjs'

const origin = 'http://localhost:3000'
const { issuer, clientId, clientSecret } = await makePool({
  CallbackURLs: [`${origin}/api/auth/callback/cognito`],
  LogoutURLs: [`${origin}/`],
  GenerateSecret: true,
})
const lines = {
  COGNITO_ISSUER: issuer,
  COGNITO_CLIENT_ID: clientId,
  COGNITO_CLIENT_SECRET: clientSecret,
  NEXTAUTH_URL: origin,
  NEXTAUTH_SECRET: randomBytes(32).toString('hex'),
}
const text = Object.entries(lines).map(([name, value]) => `${name}=${value}\n`)
writeFileSync(new URL('.env.local', import.meta.url), text.join(''))
console.log(`Sign in as ${username} with ${password}`)
