// Credentials: the stored form of a user's password (a sealed SRP verifier), the history of earlier ones, and the decoy
// for unknown users, which costs the same to check. The arithmetic runs in the work pool (crypto/). When a password may
// be guessed is sign-in/guess.ts; the policy for new ones is password-rules.ts.
import type { Context } from '../../context.ts'
import { stretched } from '../../crypto/digest.ts'
import { srpHashText } from '../../crypto/imported-hashes/srp-hash.ts'
import {
  createSrpCredential,
  type ImportedHash,
  type PasswordCredential,
  parseCredential,
  type SrpCredential,
  saltBytes,
  serializeCredential,
} from '../../crypto/password.ts'
import { primeBytes, square } from '../../crypto/srp-group.ts'
import { poolNamePart } from '../user-pools/pool-settings.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { passwordHistorySize } from './password-rules.ts'
import type { StoredUser } from './user-store.ts'

const PURPOSE = 'credential'
const HISTORY_PURPOSE = 'credential-history'

type Owner = Pick<StoredUser, 'sub' | 'userPoolId' | 'username'>

const boundTo = (owner: Pick<Owner, 'sub' | 'userPoolId'>): string => `${owner.userPoolId} ${owner.sub}`

/** The columns of a user that a new password changes. */
export type CredentialChange = Pick<StoredUser, 'credential' | 'credentialSetAt' | 'credentialHistory'>

/**
 * The credential of a new password for `user`, and the history after it. Costly: run it before a transaction, not in
 * it.
 */
export async function newCredential(
  context: Context,
  pool: UserPool,
  user: Owner & Partial<CredentialChange>,
  password: string,
): Promise<CredentialChange> {
  const credential = await createSrpCredential(
    { poolName: poolNamePart(pool.id), userId: user.username, password },
    (count) => context.random.bytes(count),
    (input) => context.work.run('srpVerifier', input),
  )
  return {
    credential: context.sealer.seal(PURPOSE, serializeCredential(credential), boundTo(user)),
    credentialSetAt: context.clock.now(),
    credentialHistory: sealHistory(context, user, passwordHistorySize(pool.settings) - 1),
  }
}

/** The sealed credential of a hash that an import brings: nothing is computed. */
export const sealedHash = (context: Pick<Context, 'sealer'>, user: Pick<Owner, 'sub' | 'userPoolId'>, text: string) =>
  context.sealer.seal(PURPOSE, serializeCredential({ kind: 'imported-hash', text }), boundTo(user))

/** The change that removes a password: no sign-in until a new one is set. The old one is kept in the history. */
export const withoutCredential = (context: Context, pool: UserPool, user: StoredUser): CredentialChange => ({
  credential: '',
  credentialSetAt: context.clock.now(),
  credentialHistory: sealHistory(context, user, passwordHistorySize(pool.settings)),
})

/**
 * The credential of a user; undefined for one without password. Throws Error when the master key is not the right one.
 */
export function openCredential(context: Context, user: StoredUser): PasswordCredential | undefined {
  if (user.credential === '') return undefined
  const bytes = context.sealer.open(PURPOSE, user.credential, boundTo(user))
  const credential = bytes && parseCredential(bytes)
  if (!credential) throw new Error(`The credential of user ${user.sub} does not open with this master key.`)
  return credential
}

/** The password of a user as an import takes it; undefined for one without. Throws Error as `openCredential`. */
export function hashTextOf(context: Context, user: StoredUser): string | undefined {
  const credential = openCredential(context, user)
  if (credential?.kind === 'imported-hash') return credential.text
  return credential && srpHashText({ poolName: poolNamePart(user.userPoolId), userId: user.username, ...credential })
}

/**
 * A credential that no password matches: always the same for the same subject (Candidate), in every process. It is made in as
 * little time as a user's takes to open (bench/enumeration.mjs): by one MAC, and without a division.
 */
export function decoyCredential(context: Context, pool: UserPool, subject: string): SrpCredential {
  const seed = context.sealer.mac('decoy-credential', JSON.stringify([pool.id, subject]))
  const root = primeBytes.byteLength / 2
  const bytes = stretched(seed, saltBytes + root)
  // A square, as all verifiers are (powers of 2, which is a square): others would cost more on some versions of Node.js.
  return { kind: 'srp', salt: bytes.subarray(0, saltBytes), verifier: square(bytes.subarray(saltBytes)) }
}

/** True when `password` matches `credential`. Costly: it runs in the work pool. */
export function passwordMatches(
  { work }: Pick<Context, 'work'>,
  pool: UserPool,
  userId: string,
  credential: SrpCredential | ImportedHash,
  password: string,
): Promise<boolean> {
  if (credential.kind === 'imported-hash') return work.run('importedHashMatches', { hash: credential.text, password })
  const { salt, verifier } = credential
  return work.run('passwordMatches', { poolName: poolNamePart(pool.id), userId, password, salt, verifier })
}

/** True when `password` is the present one or one of those that PasswordHistorySize forbids to reuse. */
export async function wasUsedBefore(
  context: Context,
  pool: UserPool,
  user: StoredUser,
  password: string,
): Promise<boolean> {
  const size = passwordHistorySize(pool.settings)
  if (size === 0) return false
  const sealed = [user.credential, ...openHistory(context, user)].filter((text) => text !== '').slice(0, size)
  for (const text of sealed) {
    const bytes = context.sealer.open(PURPOSE, text, boundTo(user))
    const credential = bytes && parseCredential(bytes)
    if (credential && (await passwordMatches(context, pool, user.username, credential, password))) return true
  }
  return false
}

function openHistory(context: Context, user: Owner & Partial<CredentialChange>): string[] {
  if (!user.credentialHistory) return []
  return (context.sealer.openJson(HISTORY_PURPOSE, user.credentialHistory, boundTo(user)) as string[] | undefined) ?? []
}

/** The history after a change of password: the newest `max` credentials, with the present one first. */
function sealHistory(context: Context, user: Owner & Partial<CredentialChange>, max: number): string {
  const left = [user.credential ?? '', ...openHistory(context, user)].filter((text) => text !== '')
  const history = left.slice(0, Math.max(0, max))
  return history.length === 0 ? '' : context.sealer.sealJson(HISTORY_PURPOSE, history, boundTo(user))
}
