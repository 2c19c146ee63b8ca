// Makes the user of a sign-up (docs/reference/user-pools.md 7.3). User, code and message are prepared first, then written in
// one transaction.
import type { Context } from '../../context.ts'
import type { CodeDeliveryDetailsType, SignUpRequest } from '../../contract/cognito-idp.types.ts'
import { sub as newSub } from '../../crypto/random-ids.ts'
import { ApiError } from '../../errors.ts'
import { signedUp, signUpConfirmed } from '../../events.ts'
import { noteSignUp } from '../analytics/note-analytics.ts'
import { noteCode, prepareCode, writeCode } from '../codes/codes.ts'
import { requireUncompromised } from '../threats/compromised.ts'
import { recordEvent } from '../threats/record-event.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { askPreSignUp } from '../users/ask-pre-sign-up.ts'
import { addUser, refusedLater } from '../users/change-user.ts'
import { newCredential } from '../users/credentials.ts'
import { newUser } from '../users/new-user.ts'
import { tellConfirmed } from '../users/tell-confirmed.ts'
import { nameTakenMessage } from '../users/user-name-rules.ts'
import { NameTaken, type StoredUser } from '../users/user-store.ts'
import { signUpContact } from '../users/verification-rules.ts'
import type { Asker } from './asker.ts'
import { afterPreSignUp } from './pre-sign-up-rules.ts'
import { type AdmittedSignUp, decideSignUp } from './sign-up-rules.ts'

type Given = Pick<SignUpRequest, 'Username' | 'Password' | 'UserAttributes' | 'ValidationData' | 'ClientMetadata'>

export interface Registered {
  readonly user: StoredUser
  /** False when the user must prove a contact first, or be confirmed by an administrator. */
  readonly confirmed: boolean
  /** Where the code went; undefined when none was sent. */
  readonly details: CodeDeliveryDetailsType | undefined
}

/** Throws the errors of SignUp, and BudgetSpent. */
export async function registerUser(context: Context, asker: Asker, input: Given): Promise<Registered> {
  const { pool, client, source, remoteAddress } = asker
  const sub = newSub((count) => context.random.bytes(count))
  const decided = decideSignUp(pool.settings, client.settings, sub, input)
  if ('refused' in decided) throw new ApiError(decided.refused, decided.message)
  context.unservedNotices.notePool(pool)
  const { username, password } = decided
  const { clientId } = client
  const compromised =
    password !== undefined && (await requireUncompromised(context, { pool, client }, 'SIGN_UP', password))
  const occasion = { pool, userName: username, clientId, source: 'PreSignUp_SignUp' } as const
  const allowed = afterPreSignUp(decided.attributes, await askPreSignUp(context, occasion, decided.attributes, input))
  if ('refused' in allowed) throw new ApiError(allowed.refused, allowed.message)
  const { status, attributes } = allowed
  const confirmed = status === 'CONFIRMED'
  const attribute = confirmed ? undefined : signUpContact(pool.settings, attributes)
  const value = attribute === undefined ? '' : (attributes[attribute] as string)
  const clientMetadata = input.ClientMetadata
  const to = {
    user: { sub, username, status, attributes },
    value,
    asker: { address: remoteAddress },
    clientId,
    clientMetadata,
  }
  // A spent budget refuses here, before the costly work of the password.
  const code =
    attribute &&
    (await refusedLater(prepareCode(context, { pool, purpose: 'sign-up', message: 'sign-up', ...to, attribute })))
  const user = await userOf(context, pool, sub, { username, attributes, password, status })
  try {
    await addUser(context, pool, { user, ...(code && { after: (db) => writeCode(context, db, code()) }) })
  } catch (error) {
    if (error instanceof NameTaken) throw new ApiError('UsernameExistsException', nameTakenMessage(error.kind))
    throw error
  }
  context.outbox.wake()
  await recordEvent(context, { pool, client, user, type: 'SignUp', response: 'Pass', source, compromised })
  signedUp(context, { pool: pool.id, client: clientId, sub })
  noteSignUp(context, asker, user)
  if (code) noteCode(context, code())
  if (confirmed) {
    signUpConfirmed(context, { pool: pool.id, sub, by: 'trigger' })
    await tellConfirmed(context, { pool, user, clientId, by: 'ConfirmSignUp', clientMetadata })
  }
  return { user, confirmed, details: code?.().details }
}

async function userOf(
  context: Context,
  pool: UserPool,
  sub: string,
  { username, attributes, password, status }: AdmittedSignUp & Pick<StoredUser, 'status'>,
): Promise<StoredUser> {
  const owner = { sub, userPoolId: pool.id, username }
  const credential = password === undefined ? undefined : await newCredential(context, pool, owner, password)
  return newUser({ ...owner, status, attributes }, context.clock.now(), credential)
}
