// Issues temporary credentials: a new key, its secret and the session token, which carries both and what the session
// may do (docs/reference/identity-pools-sts-iam-sync.md 15.4). Nothing is stored: any process can open the token
// (authorization/session-token.ts).
import type { Session } from '../../authorization/session-token.ts'
import type { Context } from '../../context.ts'
import type { Credentials } from '../../contract/sts.types.ts'
import { accountAccessKeyId, secretAccessKey } from '../../crypto/random-ids.ts'

/** A session without its key and times. */
export interface SessionSpec extends Omit<Session, 'accessKeyId' | 'secretAccessKey' | 'issuedAt' | 'expiresAt'> {
  durationSeconds: number
}

/** New credentials. Throws RangeError when their session token would be too long to send. */
export function issueSession(
  context: Pick<Context, 'clock' | 'random' | 'sessionTokens' | 'config'>,
  { durationSeconds, ...spec }: SessionSpec,
): Credentials {
  const bytes = (count: number) => context.random.bytes(count)
  // Expiration is given to clients in whole seconds, so the session has to end on one.
  const issuedAt = Math.floor(context.clock.now() / 1000) * 1000
  const session: Session = {
    ...spec,
    accessKeyId: accountAccessKeyId(bytes, context.config.accountId, 'ASIA'),
    secretAccessKey: secretAccessKey(bytes),
    issuedAt,
    expiresAt: issuedAt + durationSeconds * 1000,
  }
  return {
    AccessKeyId: session.accessKeyId,
    SecretAccessKey: session.secretAccessKey,
    SessionToken: context.sessionTokens.seal(session),
    Expiration: new Date(session.expiresAt),
  }
}
