// The last step of the enhanced flow: assumes the role for an identity. This server's own STS needs no token for that;
// an external STS gets one.
import type { Context } from '../../context.ts'
import type { Credentials } from '../../contract/cognito-identity.types.ts'
import type { ExternalSts } from '../../effects/effects.ts'
import { ApiError } from '../../errors.ts'
import { issuePoolToken, type PoolTokenSpec } from '../../federation/identity-pool-token.ts'
import { areValidTags } from '../../sts/sessions/session-tag-rules.ts'
import { assumeWithWebIdentity } from '../../sts/web-identity/assume-role-with-web-identity.ts'
import { poolWebIdentity } from '../../sts/web-identity/web-identity.ts'
import { guestSessionPolicies } from './guest-session-policies.ts'

/** Fixed, whatever the role allows (docs/reference/identity-pools-sts-iam-sync.md 4.5). */
const SECONDS = 3600
const SESSION_NAME = 'CognitoIdentityCredentials'
/** Lifetime of the token for an external STS, which is sent at once. */
const EXTERNAL_TOKEN_SECONDS = 600

/** One text for every reason: no role, a trust policy that refuses, tags that may not be passed. */
export const INVALID_CONFIGURATION_TEXT = 'Invalid identity pool configuration. Check assigned IAM roles for this pool.'

export interface CredentialsRequest extends Pick<PoolTokenSpec, 'identityId' | 'poolId' | 'amr' | 'tags'> {
  roleArn: string
  guest: boolean
  /** Address of the client, for aws:SourceIp in the role's trust policy. */
  sourceIp: string | undefined
}

/** Credentials of the role; the reason, for the log, when STS refuses. */
export async function roleCredentials(
  context: Context,
  { roleArn, guest, sourceIp, ...identity }: CredentialsRequest,
): Promise<{ credentials: Credentials; refused?: undefined } | { refused: string }> {
  if (!areValidTags({ tags: Object.entries(identity.tags ?? {}), transitiveTagKeys: [] }))
    return { refused: 'invalid-tags' }
  if (context.externalSts) return externalCredentials(context, context.externalSts, { roleArn, guest, ...identity })
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
  return { credentials: { AccessKeyId, SecretKey: SecretAccessKey, SessionToken, Expiration } }
}

/**
 * Credentials from the external STS that the operator configured, for a token of this server; the roles are its own.
 */
async function externalCredentials(
  context: Context,
  sts: ExternalSts,
  { roleArn, guest, ...identity }: Omit<CredentialsRequest, 'sourceIp'>,
): Promise<{ credentials: Credentials; refused?: undefined } | { refused: string }> {
  const { policies = [], policyArns } = guest ? guestSessionPolicies(context.config.guestActions) : {}
  const assumed = await sts.assumeRoleWithWebIdentity({
    roleArn,
    sessionName: SESSION_NAME,
    durationSeconds: SECONDS,
    token: await issuePoolToken(context, { ...identity, seconds: EXTERNAL_TOKEN_SECONDS }),
    ...(policies[0] !== undefined && { policy: policies[0] }),
    ...(policyArns && { policyArns }),
  })
  if (assumed.refused === 'unreachable') {
    context.log.warn({ reason: assumed.detail }, 'the external STS gave no credentials')
    throw new ApiError('ExternalServiceException', 'The security token service did not answer.')
  }
  if (assumed.refused) return { refused: `external STS: ${assumed.detail}` }
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = assumed.credentials
  return {
    credentials: {
      AccessKeyId: accessKeyId,
      SecretKey: secretAccessKey,
      SessionToken: sessionToken,
      Expiration: expiration,
    },
  }
}
