// AdminCreateUser: creates a user, or sends the invitation again (MessageAction RESEND). The invitation is invite.ts,
// the rules for names new-user-rules.ts. docs/reference/user-pools.md 7.5.
import type { Context } from '../../context.ts'
import { sub as newSub, temporaryPassword } from '../../crypto/random-ids.ts'
import { userCreated, userInvitedAgain } from '../../events.ts'
import { type OperationRequest, operation } from '../operation.ts'
import { askPreSignUp } from './ask-pre-sign-up.ts'
import {
  attributeProblem,
  attributesFromList,
  immutableProblem,
  mergeAttributes,
  missingValueProblem,
} from './attribute-rules.ts'
import { addUser, changeUser, refusedLater } from './change-user.ts'
import { newCredential } from './credentials.ts'
import { prepareInvitation } from './invite.ts'
import { newUser } from './new-user.ts'
import { nameNewUser, needsNoPassword } from './new-user-rules.ts'
import { passwordPolicyOf, passwordProblem } from './password-rules.ts'
import { noSuchUserError, requireUser } from './require-user.ts'
import { takeAliases } from './take-aliases.ts'
import { nameTakenMessage } from './user-name-rules.ts'
import { NameTaken, type StoredUser } from './user-store.ts'
import { userType } from './user-type.ts'

type Request = OperationRequest<'AdminCreateUser'>

export const adminCreateUser = operation('AdminCreateUser', async (context, request) => {
  const { input, pool, fail } = request
  const problem =
    input.TemporaryPassword === undefined ? undefined : passwordProblem(pool.settings, input.TemporaryPassword)
  if (problem !== undefined) throw fail('InvalidPasswordException', problem)
  const again = input.MessageAction === 'RESEND'
  const user = await (again ? inviteAgain(context, request) : createUser(context, request))
  context.outbox.wake()
  ;(again ? userInvitedAgain : userCreated)(context, { pool: pool.id, sub: user.sub })
  return { User: userType(user) }
})

async function createUser(context: Context, request: Request): Promise<StoredUser> {
  const { input, pool, fail } = request
  context.unservedNotices.notePool(pool)
  const fresh = userFromRequest(context, request)
  // What it confirms or verifies is ignored here; what it throws refuses the user (docs/reference/user-pools.md 7.5).
  const occasion = { pool, userName: fresh.username, clientId: undefined, source: 'PreSignUp_AdminCreateUser' } as const
  await askPreSignUp(context, occasion, fresh.attributes, input)
  const passwordless = input.TemporaryPassword === undefined && needsNoPassword(pool.settings, fresh.attributes)
  const password = passwordless ? undefined : temporaryPasswordFor(context, request)
  const user: StoredUser =
    password === undefined
      ? { ...fresh, status: 'CONFIRMED' }
      : { ...fresh, ...(await newCredential(context, pool, fresh, password)) }
  const invited = input.MessageAction !== 'SUPPRESS'
  const invitation = await refusedLater(
    invited
      ? prepareInvitation(context, pool, user, password, input.DesiredDeliveryMediums, input.ClientMetadata)
      : Promise.resolve([]),
  )
  try {
    await addUser(context, pool, {
      user,
      before: async (db) => {
        if (input.ForceAliasCreation) await takeAliases(context, db, pool, user)
      },
      after: async (db) => {
        for (const message of invitation()) await context.outbox.enqueue(db, message)
      },
    })
  } catch (error) {
    if (!(error instanceof NameTaken)) throw error
    throw fail(
      'UsernameExistsException',
      error.kind === 'username' ? 'User account already exists' : nameTakenMessage(error.kind),
    )
  }
  return user
}

/** The new user without a password. Required attributes may be missing: NEW_PASSWORD_REQUIRED asks for them. */
function userFromRequest(context: Context, { input, pool, fail }: Request): StoredUser {
  const given = attributesFromList(input.UserAttributes)
  const sub = newSub((count) => context.random.bytes(count))
  const named = nameNewUser(pool.settings, sub, input.Username, given)
  if ('refused' in named) throw fail(named.refused, named.message)
  const problem =
    missingValueProblem(input.UserAttributes) ??
    immutableProblem(pool.settings, {}, given) ??
    attributeProblem(pool.settings, named.attributes, 'new user')
  if (problem !== undefined) throw fail('InvalidParameterException', problem)
  const owner = { sub, userPoolId: pool.id, username: named.username }
  const attributes = mergeAttributes({}, named.attributes)
  return newUser({ ...owner, status: 'FORCE_CHANGE_PASSWORD', attributes }, context.clock.now())
}

/** Sets a new temporary password, with a new expiry, and sends it; all other members of the request are ignored. */
async function inviteAgain(context: Context, request: Request): Promise<StoredUser> {
  const { input, pool, fail } = request
  const found = await requireUser(context, pool, input.Username)
  const refusal = `Resend not possible. ${input.Username} status is not FORCE_CHANGE_PASSWORD`
  if (found.status !== 'FORCE_CHANGE_PASSWORD') throw fail('UnsupportedUserStateException', refusal)
  const password = temporaryPasswordFor(context, request)
  const credential = await newCredential(context, pool, found, password)
  const user = await changeUser(context, pool, found, async (current) => {
    if (current.status !== 'FORCE_CHANGE_PASSWORD') throw fail('UnsupportedUserStateException', refusal)
    const invited = { ...current, ...credential }
    const { DesiredDeliveryMediums: media, ClientMetadata } = input
    const invitation = await prepareInvitation(context, pool, invited, password, media, ClientMetadata)
    return {
      user: invited,
      after: async (db) => {
        for (const message of invitation) await context.outbox.enqueue(db, message)
      },
    }
  })
  if (!user) throw noSuchUserError()
  return user
}

const temporaryPasswordFor = (context: Context, { input, pool }: Request): string =>
  input.TemporaryPassword ?? temporaryPassword(passwordPolicyOf(pool.settings), (count) => context.random.bytes(count))
