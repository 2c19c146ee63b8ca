// SECRET_BLOCK: what the server must remember between the halves of SRP, sealed, in the client's keeping.
import type { Context } from '../../context.ts'
import { newUuid } from '../../effects/uuid.ts'
import { ApiError } from '../../errors.ts'
import { sessionSeconds } from '../tokens/lifetimes.ts'
import type { SignInRequest } from './sign-in.ts'

interface Exchange {
  /** The name that was given. */
  readonly name: string
  /** Undefined for a decoy. */
  readonly sub: string | undefined
  readonly userId: string
  readonly A: Uint8Array
  readonly B: Uint8Array
  readonly b: Uint8Array
}

export interface SecretBlock extends Exchange {
  /** Good once. */
  readonly id: string
  /** Epoch milliseconds. */
  readonly expiresAt: number
}

type Sealed = Omit<SecretBlock, 'A' | 'B' | 'b'> & { A: string; B: string; b: string }

const PURPOSE = 'srp-secret-block'
const boundTo = ({ pool, client }: SignInRequest): string => `${pool.id} ${client.clientId}`
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url')

/** Standard base64, as clients decode it. */
export function sealSecretBlock(context: Context, request: SignInRequest, exchange: Exchange): string {
  const block = {
    ...exchange,
    A: text(exchange.A),
    B: text(exchange.B),
    b: text(exchange.b),
    id: newUuid(context.random),
    expiresAt: context.clock.now() + sessionSeconds(request.client.settings) * 1000,
  }
  return Buffer.from(context.sealer.sealJson(PURPOSE, block, boundTo(request)), 'base64url').toString('base64')
}

/** Throws NotAuthorizedException for a block that is not ours, of another pool or client, or too old. Does not use it up. */
export function openSecretBlock(context: Context, request: SignInRequest, secretBlock: string): SecretBlock {
  const bytesOf = Buffer.from(secretBlock, 'base64')
  // Node decodes leniently; a block has one spelling.
  const sealed = bytesOf.toString('base64') === secretBlock ? bytesOf.toString('base64url') : ''
  const opened = context.sealer.openJson(PURPOSE, sealed, boundTo(request)) as Sealed | undefined
  if (!opened) throw new ApiError('NotAuthorizedException', 'Invalid session for the user.')
  if (opened.expiresAt <= context.clock.now())
    throw new ApiError('NotAuthorizedException', 'Invalid session for the user, session is expired.')
  const bytes = (value: string): Buffer => Buffer.from(value, 'base64url')
  return { ...opened, A: bytes(opened.A), B: bytes(opened.B), b: bytes(opened.b) }
}
