// Recovery codes: a set of codes that a user keeps for the day on which the second factor is lost. Each is good once, in
// the place of a second factor's code (sign-in/recovery-code.ts). Beyond Cognito, and off by default
// (docs/decisions/recovery-codes.md). Only their MACs are stored.

import { forgiveTry } from '../../budgets/tries.ts'
import type { Context } from '../../context.ts'
import type { DescribeRecoveryCodesResponse } from '../../contract/cognito-idp.types.ts'
import type { Db } from '../../database/database.ts'
import { newUuid } from '../../effects/uuid.ts'
import { ApiError } from '../../errors.ts'
import { countCodeTry } from '../codes/code-tries.ts'
import { secondFactorsOf } from '../sign-in/factor-rules.ts'
import { recoveryCodeCount } from '../tags/cognomen-tag-rules.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import type { StoredUser } from '../users/user-store.ts'
import { newRecoveryCode, recoveryCodeIn } from './recovery-code-rules.ts'
import {
  deleteRecoveryCodes,
  findRecoveryCodes,
  type Owner,
  type RecoveryCodeRow,
  spendRecoveryCode,
} from './recovery-code-store.ts'

const PURPOSE = 'recovery-code'

/** The text whose MAC is stored: the code, bound to its user and pool. */
const bound = ({ userPoolId, sub }: Owner, code: string): string => JSON.stringify([userPoolId, sub, code])

/** How many codes a set of this pool has. Throws OperationNotEnabledException where the pool does not use them. */
export function requireRecoveryCodes({ settings }: UserPool): number {
  const count = recoveryCodeCount(settings)
  if (count === undefined)
    throw new ApiError('OperationNotEnabledException', 'Recovery codes are not turned on for this user pool.')
  return count
}

/** A new set for a user: as it is shown, and as it is stored. */
export function newRecoveryCodes(
  context: Pick<Context, 'random' | 'sealer' | 'clock'>,
  owner: Owner,
  count: number,
): { shown: string[]; rows: RecoveryCodeRow[] } {
  const codes = new Set<string>()
  while (codes.size < count) codes.add(newRecoveryCode((bytes) => context.random.bytes(bytes)))
  const created = context.clock.now()
  const shown = [...codes]
  const rows = shown.map((code) => ({
    user_sub: owner.sub,
    user_pool_id: owner.userPoolId,
    code_id: newUuid(context.random),
    code_mac: context.sealer.mac(PURPOSE, bound(owner, recoveryCodeIn(code) as string)).toString('base64url'),
    created_at: created,
  }))
  return { shown, rows }
}

/** What is told of a user's codes. Throws OperationNotEnabledException. */
export async function describeRecoveryCodes(
  context: Pick<Context, 'db'>,
  pool: UserPool,
  owner: Owner,
): Promise<DescribeRecoveryCodesResponse> {
  requireRecoveryCodes(pool)
  const rows = await findRecoveryCodes(context.db, owner)
  const [first] = rows
  return { Remaining: rows.length, ...(first && { CreationDate: new Date(first.created_at) }) }
}

/** A code that was right; `left` are the user's other ones. `spend`: false when another request was first. */
export interface RightRecoveryCode {
  readonly left: number
  readonly spend: (db: Db) => Promise<boolean>
}

/**
 * Tries a code (in the spelling of `recoveryCodeIn`), undefined when it is none of the user's. The try is counted before it
 * is evaluated, against the budgets of tries at codes. Rejects with BudgetSpent. Call it outside a transaction, as a
 * rollback would undo the count. `address` is the client's.
 */
export async function tryRecoveryCode(
  context: Context,
  owner: Owner,
  code: string,
  address: string | undefined,
): Promise<RightRecoveryCode | undefined> {
  const tried = { userPoolId: owner.userPoolId, subject: owner.sub, destination: undefined, address }
  const counted = await countCodeTry(context, tried)
  const rows = await findRecoveryCodes(context.db, owner)
  const row = rows.find(({ code_mac }) =>
    context.sealer.macMatches(PURPOSE, bound(owner, code), Buffer.from(code_mac, 'base64url')),
  )
  if (!row) return undefined
  if (counted !== 'hidden') await forgiveTry(context, counted)
  return { left: rows.length - 1, spend: (db) => spendRecoveryCode(db, row) }
}

/** Whether the user has a second factor that a code could stand in for. */
export function hasSecondFactor({ settings }: UserPool, user: StoredUser): boolean {
  const { secondFactors, passkeyAlone } = secondFactorsOf(settings, user)
  return secondFactors.length > 0 || passkeyAlone
}

/** Statements of a plan that changes the factors of a user: the codes go with the last of them. */
export async function dropUnneededCodes(db: Db, pool: UserPool, user: StoredUser): Promise<void> {
  if (!hasSecondFactor(pool, user)) await deleteRecoveryCodes(db, user)
}
