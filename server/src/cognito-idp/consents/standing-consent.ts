// Applications that registered themselves need what the user has allowed, which the user may take back
// (docs/behaviour/client-registration.md).
import type { Context } from '../../context.ts'
import type { Place } from '../sign-in/sign-in.ts'
import type { SignIn } from '../tokens/claims.ts'
import { findConsent } from './consent-store.ts'

/**
 * Whether the consent that a sign-in was for still stands: one that was taken back and given again is another one, so that
 * tokens of before stay refused. True for clients that an administrator made. One statement for the others.
 */
export async function hasStandingConsent(
  { db }: Pick<Context, 'db'>,
  { pool, client }: Place,
  sub: string,
  { consentedAt }: SignIn,
): Promise<boolean> {
  if (client.settings.ClientType !== 'DCR') return true
  const consent = await findConsent(db, { sub, userPoolId: pool.id, clientId: client.clientId })
  return consent !== undefined && consent.grantedAt === consentedAt
}
