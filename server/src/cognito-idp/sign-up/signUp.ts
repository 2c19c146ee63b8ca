// SignUp: creates a user (docs/reference/user-pools.md 7.3). User, code and message are prepared first, then written in
// one transaction.
import type { Context } from '../../context.ts'
import { sub as newSub } from '../../crypto/random-ids.ts'
import { signedUp } from '../../events.ts'
import { noteCode, prepareCode, writeCode } from '../codes/codes.ts'
import { operation } from '../operation.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { requireServed } from '../user-pools/require-served.ts'
import { addUser, refusedLater } from '../users/change-user.ts'
import { newCredential } from '../users/credentials.ts'
import { newUser } from '../users/new-user.ts'
import { nameTakenMessage } from '../users/user-name-rules.ts'
import { NameTaken, type StoredUser } from '../users/user-store.ts'
import { signUpContact } from '../users/verification-rules.ts'
import { type AdmittedSignUp, decideSignUp } from './sign-up-rules.ts'

export const signUp = operation('SignUp', async (context, { input, pool, client, remoteAddress, fail }) => {
  const sub = newSub((count) => context.random.bytes(count))
  const decided = decideSignUp(pool.settings, client.settings, sub, input)
  if ('refused' in decided) throw fail(decided.refused, decided.message)
  requireServed(context, pool, 'sign-up')
  const attribute = signUpContact(pool.settings, decided.attributes)
  const value = attribute === undefined ? '' : (decided.attributes[attribute] as string)
  const { username, attributes } = decided
  const to = { user: { sub, username, attributes }, value, asker: { address: remoteAddress } }
  // A spent budget refuses here, before the costly work of the password.
  const code =
    attribute &&
    (await refusedLater(prepareCode(context, { pool, purpose: 'sign-up', message: 'sign-up', ...to, attribute })))
  const user = await userOf(context, pool, sub, decided)
  try {
    await addUser(context, pool, { user, ...(code && { after: (db) => writeCode(context, db, code()) }) })
    context.outbox.wake()
    signedUp(context, { pool: pool.id, client: client.clientId, sub })
    if (code) noteCode(context, code())
    return { UserConfirmed: false, UserSub: sub, ...(code && { CodeDeliveryDetails: code().details }) }
  } catch (error) {
    if (error instanceof NameTaken) throw fail('UsernameExistsException', nameTakenMessage(error.kind))
    throw error
  }
})

async function userOf(context: Context, pool: UserPool, sub: string, decided: AdmittedSignUp): Promise<StoredUser> {
  const { username, attributes, password } = decided
  const owner = { sub, userPoolId: pool.id, username }
  const credential = await newCredential(context, pool, owner, password)
  return newUser({ ...owner, status: 'UNCONFIRMED', attributes }, context.clock.now(), credential)
}
