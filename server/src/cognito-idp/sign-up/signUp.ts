// A user makes an account (docs/reference/user-pools.md 7.3). User, code and message are written in one transaction.
import type { Context } from '../../context.ts'
import { sub as newSub } from '../../crypto/random-ids.ts'
import { ATTEMPT_LIMIT_MESSAGE, withinDestinationLimit } from '../attempts/attempts.ts'
import { sendCode } from '../codes/codes.ts'
import { operation } from '../operation.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { newCredential } from '../users/credentials.ts'
import { nameTakenMessage } from '../users/user-name-rules.ts'
import { insertUser, NameTaken, type StoredUser } from '../users/user-store.ts'
import { signUpContact } from '../users/verification-rules.ts'
import { type AdmittedSignUp, decideSignUp } from './sign-up-rules.ts'

export const signUp = operation('SignUp', async (context, { input, pool, client, fail }) => {
  const sub = newSub((count) => context.random.bytes(count))
  const decided = decideSignUp(pool.settings, client.settings, sub, input)
  if ('refused' in decided) throw fail(decided.refused, decided.message)
  const attribute = signUpContact(pool.settings, decided.attributes)
  const value = attribute === undefined ? '' : (decided.attributes[attribute] as string)
  if (attribute && !(await withinDestinationLimit(context, pool.id, attribute, value))) {
    throw fail('LimitExceededException', ATTEMPT_LIMIT_MESSAGE)
  }
  const user = await newUser(context, pool, sub, decided)
  try {
    const CodeDeliveryDetails = await context.database.transaction(async (db) => {
      await insertUser(db, pool, user)
      return (
        attribute && sendCode(context, db, { pool, user, purpose: 'sign-up', message: 'sign-up', attribute, value })
      )
    })
    context.outbox.wake()
    return { UserConfirmed: false, UserSub: sub, ...(CodeDeliveryDetails && { CodeDeliveryDetails }) }
  } catch (error) {
    if (error instanceof NameTaken) throw fail('UsernameExistsException', nameTakenMessage(error.kind))
    throw error
  }
})

async function newUser(context: Context, pool: UserPool, sub: string, decided: AdmittedSignUp): Promise<StoredUser> {
  const { username, attributes, password } = decided
  const credential = await newCredential(context, pool, { sub, userPoolId: pool.id, username }, password)
  const now = context.clock.now()
  return {
    sub,
    userPoolId: pool.id,
    username,
    status: 'UNCONFIRMED',
    enabled: true,
    attributes,
    ...credential,
    tokenGeneration: 0,
    mfa: {},
    createdAt: now,
    updatedAt: now,
    version: 1,
  }
}
