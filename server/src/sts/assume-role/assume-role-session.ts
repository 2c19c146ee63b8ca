// What AssumeRole, AssumeRoleWithWebIdentity and AssumeRoleWithSAML share once the caller is authenticated: whether the
// role trusts the caller, how long the session lives, and the bounds of its policies and tags
// (docs/reference/identity-pools-sts-iam-sync.md 15.3, 15.5).
import type { Context } from '../../context.ts'
import type { AssumedRoleUser, Credentials } from '../../contract/sts.types.ts'
import { roleAssumed } from '../../events.ts'
import { entityArn, parseEntityArn, roleSessionArn } from '../../iam/arn-rules.ts'
import type { Role } from '../../iam/entity-types.ts'
import { roleSessionSeconds } from '../sessions/duration-rules.ts'
import { issueSession, type SessionSpec } from '../sessions/issue-session.ts'
import type { Packed } from '../sessions/packed-size.ts'
import type { AssumeAction, SessionRefusal } from '../sessions/refusals.ts'
import { packedRefusal, type SessionPolicies } from '../sessions/session-policies.ts'
import type { SessionTags } from '../sessions/session-tag-rules.ts'

export interface RoleSessionRequest extends SessionPolicies, SessionTags {
  roleArn: string
  sessionName: string
  durationSeconds: number | undefined
  /** Epoch milliseconds: the session ends by then, whatever `durationSeconds` says. */
  notAfter?: number | undefined
  sourceIdentity?: string | undefined
  /** The caller is a role session itself. */
  chained: boolean
  /** The action that the trust policy has to allow. */
  action: AssumeAction
  /** Whether the trust policy of the role allows the caller an action. */
  allows(role: Role, action: AssumeAction): boolean | Promise<boolean>
  /** What the session keeps about the caller. */
  keeps?: Pick<SessionSpec, 'federatedProvider' | 'context'>
}

export interface RoleSession {
  credentials: Credentials
  role: Role
  assumedRoleUser: AssumedRoleUser
  /** What PackedPolicySize is computed from, where an operation answers it. */
  packed: Packed
}

/** Whether a text is the ARN of a role, of whichever account. */
export const isRoleArn = (arn: string): boolean => parseEntityArn(arn)?.kind === 'role'

/** The stored role of an ARN; undefined when this account has none. */
export async function findRole(
  { iam, config }: Pick<Context, 'iam' | 'config'>,
  roleArn: string,
): Promise<Role | undefined> {
  const named = parseEntityArn(roleArn)
  if (named?.kind !== 'role') return undefined
  const role = await iam.entity('role', named.name)
  // The lookup is by name without case: account, path and case have to match as well.
  return role && entityArn(config.accountId, role) === roleArn ? role : undefined
}

/** Credentials of a role, or why they are refused. */
export async function assumeRoleSession(
  context: Pick<Context, 'iam' | 'config' | 'clock' | 'random' | 'sessionTokens' | 'log' | 'metrics'>,
  request: RoleSessionRequest,
): Promise<RoleSession | SessionRefusal> {
  const { roleArn, sessionName, tags, transitiveTagKeys, sourceIdentity, policies, policyArns, action } = request
  if (!isRoleArn(roleArn)) return { refused: 'invalid-role-arn', arn: roleArn }
  const role = await findRole(context, roleArn)
  // Tags and a source identity need their own permission in each role, also where a chain of roles passes them on.
  const actions: AssumeAction[] = [
    action,
    ...(tags ? (['sts:TagSession'] as const) : []),
    ...(sourceIdentity === undefined ? [] : (['sts:SetSourceIdentity'] as const)),
  ]
  if (!role) return { refused: 'not-allowed', action }
  for (const each of actions) if (!(await request.allows(role, each))) return { refused: 'not-allowed', action: each }
  const { maxSessionSeconds } = role.settings
  const seconds = roleSessionSeconds(request.durationSeconds, { maxSessionSeconds, chained: request.chained })
  if (typeof seconds !== 'number') return seconds
  const secondsLeft = Math.floor(((request.notAfter ?? Number.POSITIVE_INFINITY) - context.clock.now()) / 1000)
  const packed = { policies, policyArns, tags }
  const refusal = await packedRefusal(context, packed)
  if (refusal) return refusal
  const { accountId } = context.config
  const credentials = issueIfShort(context, {
    kind: 'role',
    entity: { key: role.key, id: role.id },
    name: sessionName,
    durationSeconds: Math.max(1, Math.min(seconds, secondsLeft)),
    ...packed,
    transitiveTagKeys,
    sourceIdentity,
    ...request.keeps,
  })
  if (!credentials) return { refused: 'token-size' }
  roleAssumed(context, { role: roleArn, action, accessKeyId: credentials.AccessKeyId })
  return {
    credentials,
    role,
    assumedRoleUser: {
      AssumedRoleId: `${role.id}:${sessionName}`,
      Arn: roleSessionArn(accountId, role.settings.name, sessionName),
    },
    packed,
  }
}

/** Undefined when the token would be too long to send, as a provider's claims may be long. */
function issueIfShort(context: Parameters<typeof issueSession>[0], spec: SessionSpec): Credentials | undefined {
  try {
    return issueSession(context, spec)
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}
