// Spends a right code of a sign-in with its session. As the first factor the code also proves the user's contact: it
// confirms a user who has signed up, and verifies the address or number (docs/reference/user-pools.md 7.1, 9.6).
import type { Context } from '../../context.ts'
import type { Db } from '../../database/database.ts'
import { ApiError } from '../../errors.ts'
import { attributeVerified, signUpConfirmed } from '../../events.ts'
import { spendCode } from '../codes/code-store.ts'
import type { RightCode } from '../codes/codes.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { changeUser } from '../users/change-user.ts'
import { tellConfirmed } from '../users/tell-confirmed.ts'
import { nameTakenMessage } from '../users/user-name-rules.ts'
import { NameTaken, type StoredUser } from '../users/user-store.ts'
import { requireChangesHere } from './challenges/mfa-setup.ts'
import { maySetUp } from './factor-rules.ts'
import { SignInRefused } from './refused.ts'
import { isOf, type Session, spendSession } from './session.ts'
import type { SignInRequest } from './sign-in.ts'

type Spend = (
  context: Context,
  request: SignInRequest,
  session: Session,
  user: StoredUser,
  code: RightCode,
) => Promise<StoredUser>

/** Spends a code that proves nothing more. Of concurrent answers one succeeds, the others throw SignInRefused. */
const spendAlone: Spend = async (context, { pool }, session, user, { row }) => {
  await context.database.transaction(async (db) => {
    await spendSession(db, pool.id, session)
    await requireSpent(db, row, user)
  })
  return user
}

/** Spends a code and marks what it was sent to as verified. Throws SignInRefused, and NameTaken. */
const spendAndVerify: Spend = async (context, { pool }, session, user, code) => {
  const { attribute, value } = code
  const { settingUp } = session.state
  const changed = await changeUser(context, pool, user, (current) => {
    const present = current.attributes[attribute]
    const may = settingUp
      ? maySetUp(pool.settings, current, settingUp) && (!present || present === value)
      : present === value
    if (!isOf(session, current) || !may) throw new SignInRefused('expired-code', user.sub)
    return {
      user: {
        ...current,
        attributes: { ...current.attributes, [attribute]: value, [`${attribute}_verified`]: 'true' },
      },
      before: (db) => spendSession(db, pool.id, session),
      after: (db) => requireSpent(db, code.row, user),
    }
  })
  if (!changed) throw new SignInRefused('invalid-session', user.sub)
  attributeVerified(context, { pool: pool.id, sub: user.sub, attribute })
  return changed
}

/**
 * Spends the code of a second factor, which verifies the address or number (docs/reference/user-pools.md 5.3). If somebody
 * else signs in with that, it stays unverified: the code was right all the same. Throws SignInRefused.
 */
export const spendSecondCode: Spend = async (context, request, session, user, code) => {
  if (user.attributes[`${code.attribute}_verified`] === 'true') return spendAlone(context, request, session, user, code)
  try {
    return await spendAndVerify(context, request, session, user, code)
  } catch (error) {
    if (error instanceof NameTaken) return spendAlone(context, request, session, user, code)
    throw error
  }
}

/**
 * Spends the code of a second factor that is set up by it, and writes the address, unless the user has got a second factor or
 * another address since. Throws SignInRefused, AliasExistsException, and OperationNotEnabledException in a region where the pool is
 * secondary.
 */
export const spendSetUpCode: Spend = async (context, request, session, user, code) => {
  requireChangesHere(request.pool)
  try {
    return await spendAndVerify(context, request, session, user, code)
  } catch (error) {
    throw error instanceof NameTaken ? aliasExists(error) : error
  }
}

const aliasExists = (error: NameTaken): ApiError =>
  new ApiError('AliasExistsException', nameTakenMessage(error.kind), { cause: error })

/**
 * Spends the code of a first factor, and writes what it proves. Throws SignInRefused, and AliasExistsException when another
 * user holds the contact as an alias.
 */
export const spendFirstCode: Spend = async (context, request, session, user, code) => {
  const { pool, client, clientMetadata } = request
  if (!user.enabled) throw new SignInRefused('disabled', user.sub)
  if (!provesMore(user, code)) return spendAlone(context, request, session, user, code)
  const proven = await writeProven(context, pool, session, user, code)
  const of = { pool: pool.id, sub: user.sub }
  if (user.status !== 'UNCONFIRMED') {
    attributeVerified(context, { ...of, attribute: code.attribute })
    return proven
  }
  signUpConfirmed(context, { ...of, by: 'code' })
  const { clientId } = client
  await tellConfirmed(context, { pool, user: proven, clientId, by: 'ConfirmSignUp', clientMetadata })
  return proven
}

async function writeProven(
  context: Context,
  pool: UserPool,
  session: Session,
  user: StoredUser,
  code: RightCode,
): Promise<StoredUser> {
  try {
    const changed = await changeUser(context, pool, user, (current) => {
      if (!current.enabled) throw new SignInRefused('disabled', user.sub)
      if (!isOf(session, current) || current.attributes[code.attribute] !== code.value)
        throw new SignInRefused('invalid-session', user.sub)
      return {
        user: {
          ...current,
          status: current.status === 'UNCONFIRMED' ? 'CONFIRMED' : current.status,
          attributes: { ...current.attributes, [`${code.attribute}_verified`]: 'true' },
        },
        before: (db) => spendSession(db, pool.id, session),
        after: (db) => requireSpent(db, code.row, user),
      }
    })
    if (!changed) throw new SignInRefused('invalid-session', user.sub)
    return changed
  } catch (error) {
    throw error instanceof NameTaken ? aliasExists(error) : error
  }
}

const provesMore = ({ status, attributes }: StoredUser, { attribute }: RightCode): boolean =>
  status === 'UNCONFIRMED' || attributes[`${attribute}_verified`] !== 'true'

async function requireSpent(db: Db, row: RightCode['row'], { sub }: StoredUser): Promise<void> {
  if (!(await spendCode(db, row))) throw new SignInRefused('used-session', sub)
}
