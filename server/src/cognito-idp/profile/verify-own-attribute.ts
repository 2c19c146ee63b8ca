// A user verifies an address or number with a code; a pending value then replaces the old one.
// docs/reference/user-pools.md 5.3.
import type { Context } from '../../context.ts'
import { attributeVerified, codeRefused } from '../../events.ts'
import { type Contact, isContact } from '../../messages/delivery-rules.ts'
import { fail } from '../../operation.ts'
import { ATTEMPT_LIMIT_MESSAGE, withinHourlyLimit } from '../attempts/attempts.ts'
import { spendCode } from '../codes/code-store.ts'
import { type RightCode, tryCode } from '../codes/codes.ts'
import { codeError } from '../sign-up/code-error.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { changeUser } from '../users/change-user.ts'
import { noSuchUserError } from '../users/require-user.ts'
import { nameTakenMessage } from '../users/user-name-rules.ts'
import { NameTaken, type StoredUser } from '../users/user-store.ts'
import { NOT_VERIFIABLE_MESSAGE, waitsForVerification } from '../users/verification-rules.ts'

interface Typed {
  readonly attribute: string
  readonly code: string
  /** The client's address. */
  readonly remoteAddress: string | undefined
}

/**
 * Throws InvalidParameterException for an attribute that no code verifies, CodeMismatchException, ExpiredCodeException,
 * LimitExceededException, AliasExistsException and UserNotFoundException.
 */
export async function verifyOwnAttribute(
  context: Context,
  pool: UserPool,
  known: StoredUser,
  { attribute, code: typed, remoteAddress }: Typed,
): Promise<void> {
  if (!isContact(attribute)) throw fail('InvalidParameterException', NOT_VERIFIABLE_MESSAGE)
  if (!(await withinHourlyLimit(context, pool.id, known.sub, 'VerifyUserAttribute')))
    throw fail('LimitExceededException', ATTEMPT_LIMIT_MESSAGE)
  const code = await tryCodes(context, pool, known, attribute, typed, remoteAddress)
  if (code.outcome !== 'right') {
    const purpose = `verify:${attribute}` as const
    codeRefused(context, { pool: pool.id, sub: known.sub, purpose, reason: code.outcome })
    throw codeError(code.outcome)
  }
  try {
    const changed = await changeUser(context, pool, known, (user) => {
      // The value has changed since the code was sent: the code does not verify the new one.
      if (!code.pending && code.value !== user.attributes[attribute]) throw codeError('expired')
      const proven = { [attribute]: code.value, [`${attribute}_verified`]: 'true' }
      return {
        user: { ...user, attributes: { ...user.attributes, ...proven } },
        after: async (db) => {
          if (!(await spendCode(db, code.row))) throw codeError('expired')
        },
      }
    })
    if (!changed) throw noSuchUserError()
    attributeVerified(context, { pool: pool.id, sub: changed.sub, attribute })
  } catch (error) {
    if (error instanceof NameTaken) throw fail('AliasExistsException', nameTakenMessage(error.kind))
    throw error
  }
}

/** Tries the code as one for the present value, then as one for a pending value. */
async function tryCodes(
  context: Context,
  pool: UserPool,
  user: StoredUser,
  attribute: Contact,
  code: string,
  address: string | undefined,
): Promise<(RightCode & { pending: boolean }) | { outcome: 'wrong' | 'expired' }> {
  const present = await tryCode(context, pool, user, `verify:${attribute}`, code, address)
  if (present.outcome === 'right' && present.value === user.attributes[attribute]) return { ...present, pending: false }
  const outcome = present.outcome === 'wrong' ? 'wrong' : 'expired'
  if (!waitsForVerification(pool.settings, attribute)) return { outcome }
  const pending = await tryCode(context, pool, user, `change:${attribute}`, code, address)
  if (pending.outcome === 'right') return { ...pending, pending: true }
  return pending.outcome === 'wrong' ? pending : { outcome }
}
