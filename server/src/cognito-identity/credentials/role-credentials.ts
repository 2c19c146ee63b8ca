// The enhanced flow's last step: the pool vouches for an identity and assumes its role for it. No token is made on the
// way, as nobody would see it.
import type { Context } from '../../context.ts'
import type { Credentials } from '../../contract/cognito-identity.types.ts'
import { assumeWithWebIdentity } from '../../sts/assume-role-with-web-identity.ts'
import { areValidTags } from '../../sts/session-tag-rules.ts'
import { guestSessionPolicies } from './guest-session-policies.ts'
import { poolWebIdentity, type PoolTokenSpec } from './pool-token.ts'

/** Fixed, whatever the role allows (reference identity-pools 4.5). */
const SECONDS = 3600
const SESSION_NAME = 'CognitoIdentityCredentials'

/** One text, whatever the reason: no role, a trust policy that refuses, tags that may not be passed. */
export const INVALID_CONFIGURATION_TEXT =
  'Invalid identity pool configuration. Check assigned IAM roles for this pool.'

export interface CredentialsRequest extends Pick<PoolTokenSpec, 'identityId' | 'poolId' | 'amr' | 'tags'> {
  roleArn: string
  guest: boolean
  /** Address of the peer, which a trust policy may ask for. */
  sourceIp: string | undefined
}

/** Credentials of the role; the reason, for the log, when STS refuses. */
export async function roleCredentials(
  context: Context,
  { roleArn, guest, sourceIp, ...identity }: CredentialsRequest,
): Promise<Credentials | { refused: string }> {
  if (!areValidTags({ tags: Object.entries(identity.tags ?? {}), transitiveTagKeys: [] }))
    return { refused: 'invalid-tags' }
  const session = await assumeWithWebIdentity(context, {
    roleArn,
    sessionName: SESSION_NAME,
    durationSeconds: SECONDS,
    identity: poolWebIdentity(identity),
    ...(guest && guestSessionPolicies(context.config.guestActions)),
    facts: { sourceIp, userAgent: undefined, referer: undefined },
  })
  if ('refused' in session) return { refused: session.refused }
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = session.credentials
  return { AccessKeyId, SecretKey: SecretAccessKey, SessionToken, Expiration }
}
