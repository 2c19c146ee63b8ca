// Authorization codes: made when a user is signed in, redeemed once by the client they were made for. A second use revokes
// what the first one gave, as the code may have been stolen (RFC 6749 4.1.2, RFC 9700 2.1.1).
// docs/reference/oauth-and-federation.md 3.6, 25.
import { createHash } from 'node:crypto'
import type { RequestSource } from '../../cognito-idp/sessions/request-source.ts'
import type { SignIn } from '../../cognito-idp/tokens/claims.ts'
import { refreshTokenSeconds } from '../../cognito-idp/tokens/lifetimes.ts'
import { refreshTokenExpiry, revokeSignIn } from '../../cognito-idp/tokens/revocation-store.ts'
import type { UserPoolClient } from '../../cognito-idp/user-pool-clients/client-store.ts'
import type { Context } from '../../context.ts'
import { uuidText } from '../../crypto/random-ids.ts'
import { isAlive } from '../../effects/time-rules.ts'
import { signedOut } from '../../events.ts'
import { limits } from '../limits.ts'
import { findCode, insertCode, redeemCode } from './code-store.ts'

/** What a code stands for. */
export interface CodeGrant {
  readonly clientId: string
  readonly redirectUri: string
  readonly codeChallenge: string | undefined
  /** The thumbprint of the key that the tokens are to be bound to (RFC 9449 10). */
  readonly dpopJkt?: string | undefined
  readonly nonce: string | undefined
  readonly sub: string
  readonly signIn: SignIn
  /** Where the user signed in, for the list of sessions. */
  readonly source: RequestSource
}

const PURPOSE = 'authorization-code'
const LIFETIME_MS = limits.codeSeconds.max * 1000

/** A new code: 128 random bits in the form of a UUID, as Cognito's are. One statement. */
export async function makeCode(context: Context, userPoolId: string, grant: CodeGrant): Promise<string> {
  const code = uuidText(Buffer.from(context.random.bytes(16)))
  const hash = hashOf(code)
  await insertCode(context.db, {
    code_hash: hash,
    user_pool_id: userPoolId,
    grant_sealed: context.sealer.sealJson(PURPOSE, grant, hash),
    redeemed: 0,
    expires_at: context.clock.now() + LIFETIME_MS,
  })
  return code
}

/**
 * What a code of this client stands for, once; undefined for a code that is unknown, expired or redeemed before. A second use
 * ends the sign-in of the first, if it passes `check`, which throws for whoever cannot be the one whom the code was made for.
 * Two statements.
 */
export async function takeCode(
  context: Context,
  client: UserPoolClient,
  code: string,
  check: (grant: CodeGrant) => void,
): Promise<CodeGrant | undefined> {
  const hash = hashOf(code)
  const row = await findCode(context.db, hash, client.userPoolId)
  const grant = row && (context.sealer.openJson(PURPOSE, row.grant_sealed, hash) as CodeGrant | undefined)
  if (!row || grant?.clientId !== client.clientId) return undefined
  check(grant)
  if (row.redeemed === 0) {
    if (!isAlive(row.expires_at, LIFETIME_MS, context.clock.now())) return undefined
    if (await redeemCode(context.db, hash, client.userPoolId)) return grant
  }
  await endSignIn(context, client, grant)
  return undefined
}

async function endSignIn(context: Context, client: UserPoolClient, { sub, signIn }: CodeGrant): Promise<void> {
  // No token of the sign-in was made later than now.
  const lastExpiry = context.clock.now() + refreshTokenSeconds(client.settings) * 1000
  const key = { userPoolId: client.userPoolId, sub, originJti: signIn.originJti }
  await revokeSignIn(context.db, key, refreshTokenExpiry(lastExpiry))
  signedOut(context, { pool: client.userPoolId, sub, from: 'one sign-in', by: 'reuse of a code' })
}

const hashOf = (code: string): string => createHash('sha256').update(code).digest('base64url')
