// Software tokens: secrets shared with authenticator apps, and tries at their codes (docs/reference/user-pools.md 9.9;
// docs/reference/threats.md 9). A secret is shown once and kept sealed. A try is counted against the budgets of tries at
// codes before it is evaluated (codes/code-tries.ts), whichever door it comes through; a code is good once.
import { forgiveTry } from '../../budgets/tries.ts'
import type { Context } from '../../context.ts'
import { CODES_AT_ONCE, fromBase32, stepOf, stepOfCode, toBase32 } from '../../crypto/totp.ts'
import type { Db } from '../../database/database.ts'
import { limits as timeLimits } from '../../effects/limits.ts'
import { ApiError } from '../../errors.ts'
import { countCodeTry } from '../codes/code-tries.ts'
import { secondFactors } from '../sign-in/factor-rules.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import type { StoredUser } from '../users/user-store.ts'
import { findSoftwareToken, type SoftwareTokenRow, useStep } from './software-token-store.ts'

const PURPOSE = 'software-token'
/** As long as the service's (docs/reference/user-pools.md 4). */
const SECRET_BYTES = 32

export type TokenOwner = Pick<StoredUser, 'sub' | 'userPoolId'>

const boundTo = ({ userPoolId, sub }: TokenOwner): string => `${userPoolId} ${sub}`

/** A new secret in base32, as it is shown. */
export const newSecret = (context: Context): string => toBase32(context.random.bytes(SECRET_BYTES))

/** A secret as it is stored. */
export const sealSecret = (context: Context, owner: TokenOwner, secret: string): string =>
  context.sealer.seal(PURPOSE, fromBase32(secret), boundTo(owner))

/** A stored secret in base32; undefined when it cannot be opened. */
export function openSecret(context: Context, owner: TokenOwner, sealed: string): string | undefined {
  const bytes = context.sealer.open(PURPOSE, sealed, boundTo(owner))
  return bytes && toBase32(bytes)
}

/** Why no code of a secret was accepted, or the time step of the code. */
export type SecretTry = { outcome: 'wrong' } | { outcome: 'right'; step: number }

/**
 * Tries a code against a secret (base32), counting the try before. Rejects with BudgetSpent. Call it outside a transaction, as a
 * rollback would undo the count. `address` is the client's.
 */
export async function trySecret(
  context: Context,
  owner: TokenOwner,
  secret: string | undefined,
  code: string,
  address: string | undefined,
  lastStep?: number,
): Promise<SecretTry | { outcome: 'used' }> {
  const tried = { userPoolId: owner.userPoolId, subject: owner.sub, destination: undefined, address }
  const counted = await countCodeTry(context, { ...tried, rightCodes: CODES_AT_ONCE })
  const now = context.clock.now()
  const step = secret === undefined ? undefined : stepOfCode(fromBase32(secret), code, now)
  if (step === undefined) return { outcome: 'wrong' }
  // Whoever has a code that was used did not guess it.
  if (counted !== 'hidden') await forgiveTry(context, counted)
  const used = lastStep !== undefined && lastStep >= step && lastStep <= newestStep(now)
  return used ? { outcome: 'used' } : { outcome: 'right', step }
}

/** A code of the user's verified token that was right; `use` uses it up, false when another request was first. */
export type TokenTry =
  | { outcome: 'wrong' }
  | { outcome: 'used' }
  | { outcome: 'right'; use: (db: Db) => Promise<boolean> }

/** Tries a code of the user's verified token. One read, and what trySecret takes. */
export async function tryToken(
  context: Context,
  owner: TokenOwner,
  code: string,
  address: string | undefined,
): Promise<TokenTry> {
  const row = await findSoftwareToken(context.db, owner)
  const secret = row?.secret_sealed ? openSecret(context, owner, row.secret_sealed) : undefined
  const tried = await trySecret(context, owner, secret, code, address, row?.last_step)
  if (tried.outcome !== 'right') return tried
  const newest = newestStep(context.clock.now())
  return { outcome: 'right', use: (db) => useStep(db, row as SoftwareTokenRow, tried.step, newest) }
}

/** The newest time step of which a process whose clock is a little ahead may have used the code. */
const newestStep = (now: number): number => stepOf(now + timeLimits.clockAhead.max) + 1

/** Throws SoftwareTokenMFANotFoundException where the pool does not use software tokens (docs/reference/user-pools.md 3.3). */
export function requireSoftwareTokens({ settings }: UserPool): void {
  if (!secondFactors.SOFTWARE_TOKEN_MFA.isOffered(settings))
    throw new ApiError('SoftwareTokenMFANotFoundException', 'Software Token MFA has not been enabled by the userPool')
}
