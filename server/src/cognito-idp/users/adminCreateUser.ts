// Makes a user, or invites one again (MessageAction RESEND). docs/reference/user-pools.md 7.5.
import type { Context } from '../../context.ts'
import { sub as newSub, temporaryPassword } from '../../crypto/random-ids.ts'
import { withRetries } from '../../database/compare-and-set.ts'
import { type OperationRequest, operation } from '../operation.ts'
import {
  attributeProblem,
  attributesFromList,
  immutableProblem,
  mergeAttributes,
  missingValueProblem,
} from './attribute-rules.ts'
import { changeUser } from './change-user.ts'
import { newCredential } from './credentials.ts'
import { queueInvitation } from './invite.ts'
import { nameNewUser, needsNoPassword } from './new-user-rules.ts'
import { passwordPolicyOf, passwordProblem } from './password-rules.ts'
import { noSuchUser, requireUser } from './require-user.ts'
import { takeAliases } from './take-aliases.ts'
import { nameTakenMessage } from './user-name-rules.ts'
import { insertUser, NameTaken, type StoredUser } from './user-store.ts'
import { userType } from './user-type.ts'

type Request = OperationRequest<'AdminCreateUser'>

export const adminCreateUser = operation('AdminCreateUser', async (context, request) => {
  const { input, pool, fail } = request
  const problem =
    input.TemporaryPassword === undefined ? undefined : passwordProblem(pool.settings, input.TemporaryPassword)
  if (problem !== undefined) throw fail('InvalidPasswordException', problem)
  const user = await (input.MessageAction === 'RESEND' ? inviteAgain(context, request) : createUser(context, request))
  context.outbox.wake()
  return { User: userType(user) }
})

async function createUser(context: Context, request: Request): Promise<StoredUser> {
  const { input, pool, fail } = request
  const fresh = newUser(context, request)
  const passwordless = input.TemporaryPassword === undefined && needsNoPassword(pool.settings, fresh.attributes)
  const password = passwordless ? undefined : passwordOf(context, request)
  const user: StoredUser =
    password === undefined
      ? { ...fresh, status: 'CONFIRMED' }
      : { ...fresh, ...(await newCredential(context, pool, fresh, password)) }
  try {
    await withRetries(() =>
      context.database.transaction(async (db) => {
        if (input.ForceAliasCreation) await takeAliases(context, db, pool, user)
        await insertUser(db, pool, user)
        if (input.MessageAction !== 'SUPPRESS')
          await queueInvitation(context, db, pool, user, password, input.DesiredDeliveryMediums)
      }),
    )
  } catch (error) {
    if (!(error instanceof NameTaken)) throw error
    throw fail(
      'UsernameExistsException',
      error.kind === 'username' ? 'User account already exists' : nameTakenMessage(error.kind),
    )
  }
  return user
}

/** The user as the request describes it, without a password. Required attributes may be missing: sign-in asks for them. */
function newUser(context: Context, { input, pool, fail }: Request): StoredUser {
  const given = attributesFromList(input.UserAttributes)
  const sub = newSub((count) => context.random.bytes(count))
  const named = nameNewUser(pool.settings, sub, input.Username, given)
  if ('refused' in named) throw fail(named.refused, named.message)
  const problem =
    missingValueProblem(input.UserAttributes) ??
    immutableProblem(pool.settings, {}, given) ??
    attributeProblem(pool.settings, named.attributes)
  if (problem !== undefined) throw fail('InvalidParameterException', problem)
  const now = context.clock.now()
  return {
    sub,
    userPoolId: pool.id,
    username: named.username,
    status: 'FORCE_CHANGE_PASSWORD',
    enabled: true,
    attributes: mergeAttributes({}, named.attributes),
    credential: '',
    credentialSetAt: now,
    credentialHistory: '',
    tokenGeneration: 0,
    mfa: {},
    createdAt: now,
    updatedAt: now,
    version: 1,
  }
}

/** A new temporary password and a new term for it; what else the request says is not looked at. */
async function inviteAgain(context: Context, request: Request): Promise<StoredUser> {
  const { input, pool, fail } = request
  const found = await requireUser(context, pool, input.Username)
  const refusal = `Resend not possible. ${input.Username} status is not FORCE_CHANGE_PASSWORD`
  if (found.status !== 'FORCE_CHANGE_PASSWORD') throw fail('UnsupportedUserStateException', refusal)
  const password = passwordOf(context, request)
  const credential = await newCredential(context, pool, found, password)
  const user = await changeUser(context, pool, found.sub, async (current, db) => {
    if (current.status !== 'FORCE_CHANGE_PASSWORD') throw fail('UnsupportedUserStateException', refusal)
    const invited = { ...current, ...credential }
    await queueInvitation(context, db, pool, invited, password, input.DesiredDeliveryMediums)
    return invited
  })
  if (!user) throw noSuchUser()
  return user
}

const passwordOf = (context: Context, { input, pool }: Request): string =>
  input.TemporaryPassword ?? temporaryPassword(passwordPolicyOf(pool.settings), (count) => context.random.bytes(count))
