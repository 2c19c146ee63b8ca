// SECRET_BLOCK: the server's state between the two halves of SRP, sealed and kept by the client. Spending a block is
// session.ts; what it is made and read by is challenges/password-verifier.ts and device-password-verifier.ts.
import type { Context } from '../../context.ts'
import { isAlive } from '../../effects/time-rules.ts'
import { newUuid } from '../../effects/uuid.ts'
import { sessionSeconds } from '../tokens/lifetimes.ts'
import { SignInRefused } from './refused.ts'
import type { SignInRequest, SignInState } from './sign-in.ts'

interface Exchange {
  /** The user's sub, or the subjectOfUnknown of an unknown user, who is checked against a decoy. */
  readonly subject: string
  /** SHA-256 of the USERNAME of the first half. */
  readonly nameHash: string
  readonly userId: string
  /** The sign-in before this proof. */
  readonly state: SignInState
  readonly A: Uint8Array
  readonly B: Uint8Array
  readonly b: Uint8Array
}

export interface SecretBlock extends Exchange {
  /** Spent by the second half, so that the block is used once. */
  readonly id: string
  /** Epoch milliseconds. */
  readonly expiresAt: number
}

type Sealed = Omit<SecretBlock, 'A' | 'B' | 'b'> & { A: string; B: string; b: string }

/** Whose password the exchange is about: a block of one is not opened as one of the other. */
type Purpose = 'srp-secret-block' | 'device-secret-block'

// A block has one length, whoever it is about (docs/reference/threats.md 1): its parts take about 1,300 bytes, and a
// username 512 at most.
const STEP = 2048

const boundTo = ({ pool, client }: SignInRequest): string => `${pool.id} ${client.clientId}`
const toBase64Url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url')

/** Seals an exchange into a SECRET_BLOCK, in standard base64, as clients decode it. */
export function sealSecretBlock(
  context: Context,
  request: SignInRequest,
  exchange: Exchange,
  purpose: Purpose = 'srp-secret-block',
): string {
  const block = {
    ...exchange,
    A: toBase64Url(exchange.A),
    B: toBase64Url(exchange.B),
    b: toBase64Url(exchange.b),
    id: newUuid(context.random),
    expiresAt: context.clock.now() + sessionSeconds(request.client.settings) * 1000,
  }
  return Buffer.from(context.sealer.sealJson(purpose, block, boundTo(request), STEP), 'base64url').toString('base64')
}

/**
 * The content of a SECRET_BLOCK; does not spend it. Throws SignInRefused for a block that this server did not
 * make, that is of another pool or client (docs/reference/user-pools.md 9.2), or that has expired.
 */
export function openSecretBlock(
  context: Context,
  request: SignInRequest,
  secretBlock: string,
  purpose: Purpose = 'srp-secret-block',
): SecretBlock {
  const decoded = Buffer.from(secretBlock, 'base64')
  // Node accepts many spellings of base64: compare, so that each block has exactly one.
  const sealed = decoded.toString('base64') === secretBlock ? decoded.toString('base64url') : ''
  const opened = context.sealer.openJson(purpose, sealed, boundTo(request)) as Sealed | undefined
  if (!opened) throw new SignInRefused('wrong-password')
  if (!isAlive(opened.expiresAt, sessionSeconds(request.client.settings) * 1000, context.clock.now()))
    throw new SignInRefused('expired-session')
  const fromBase64Url = (value: string): Buffer => Buffer.from(value, 'base64url')
  return { ...opened, A: fromBase64Url(opened.A), B: fromBase64Url(opened.B), b: fromBase64Url(opened.b) }
}
