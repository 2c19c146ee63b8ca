// Users come over from another directory at their first sign-in, with the password that they have there: the function of the
// trigger UserMigration, for user-migration.mjs. The directory is old-directory.json, with scrypt hashes.
import { scrypt, timingSafeEqual } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'

const directory = new Map(Object.entries(JSON.parse(readFileSync(new URL('old-directory.json', import.meta.url)))))
/** Its hash is nobody's: who is not in the directory takes as long as who is. */
const nobody = { salt: '', hash: '0'.repeat(64) }

async function matches(password, { salt, hash }) {
  const expected = Buffer.from(hash, 'hex')
  return timingSafeEqual(await promisify(scrypt)(password, Buffer.from(salt, 'hex'), expected.length), expected)
}

export async function handler(event) {
  const user = directory.get(event.userName)
  const signsIn = event.triggerSource === 'UserMigration_Authentication'
  const proven = !signsIn || (await matches(event.request.password, user ?? nobody))
  if (!user || !proven) throw new Error('Incorrect username or password')
  const userAttributes = { email: user.email, email_verified: 'true', name: user.name }
  // Who has forgotten the password (UserMigration_ForgotPassword) gets a code by e-mail to set a new one.
  const finalUserStatus = signsIn ? 'CONFIRMED' : 'RESET_REQUIRED'
  return { ...event, response: { userAttributes, finalUserStatus, messageAction: 'SUPPRESS' } }
}
