// The part that the three ways to a role share, once it is known who asks: does the role trust them, for how long,
// within which bounds (docs/reference/identity-pools-sts-iam-sync.md 15.3, 15.5).
import type { Context } from '../../context.ts'
import type { AssumedRoleUser, Credentials } from '../../contract/sts.types.ts'
import { roleAssumed } from '../../events.ts'
import { entityArn, parseEntityArn, roleSessionArn } from '../../iam/arn-rules.ts'
import type { Role } from '../../iam/entity-types.ts'
import { roleSessionSeconds } from '../sessions/duration-rules.ts'
import { issueSession, type SessionSpec } from '../sessions/issue-session.ts'
import type { AssumeAction, SessionRefusal } from '../sessions/refusals.ts'
import { checkPacked, type SessionPolicies } from '../sessions/session-policies.ts'
import type { SessionTags } from '../sessions/session-tag-rules.ts'

export interface RoleSessionRequest extends SessionPolicies, SessionTags {
  roleArn: string
  sessionName: string
  durationSeconds: number | undefined
  /** The session ends by then, whatever it asks: epoch milliseconds. */
  notAfter?: number | undefined
  sourceIdentity?: string | undefined
  /** Who asks is a role's session. */
  chained: boolean
  /** What is done: the trust policy has to allow it. */
  action: AssumeAction
  /** The decision for who asks, by the trust policy of the role. */
  allows(role: Role, action: AssumeAction): boolean | Promise<boolean>
  /** What the session keeps of the one who asked. */
  keeps?: Pick<SessionSpec, 'federatedProvider' | 'context'>
}

export interface RoleSession {
  credentials: Credentials
  role: Role
  assumedRoleUser: AssumedRoleUser
  packedPolicySize: number | undefined
}

/** Whether a text is the ARN of a role, of whichever account. */
export const isRoleArn = (arn: string): boolean => parseEntityArn(arn)?.kind === 'role'

/** The role that an ARN names, as it is stored; undefined when there is none in this account. */
export async function findRole(
  { iam, config }: Pick<Context, 'iam' | 'config'>,
  roleArn: string,
): Promise<Role | undefined> {
  const named = parseEntityArn(roleArn)
  if (named?.kind !== 'role') return undefined
  const role = await iam.entity('role', named.name)
  // The name alone finds it: account, path and the case of the name have to be right, too.
  return role && entityArn(config.accountId, role) === roleArn ? role : undefined
}

/** Credentials of a role, or why there are none. */
export async function assumeRoleSession(
  context: Pick<Context, 'iam' | 'config' | 'clock' | 'random' | 'sessionTokens' | 'log'>,
  request: RoleSessionRequest,
): Promise<RoleSession | SessionRefusal> {
  const { roleArn, sessionName, tags, transitiveTagKeys, sourceIdentity, policies, policyArns, action } = request
  if (!isRoleArn(roleArn)) return { refused: 'invalid-role-arn', arn: roleArn }
  const role = await findRole(context, roleArn)
  // Tags and source identities that a chain of roles hands on need the permission in each role.
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
  const left = Math.floor(((request.notAfter ?? Number.POSITIVE_INFINITY) - context.clock.now()) / 1000)
  const packed = { policies, policyArns, tags }
  const checked = await checkPacked(context, packed)
  if ('refused' in checked) return checked
  const { accountId } = context.config
  const credentials = issueIfShort(context, {
    kind: 'role',
    entity: { key: role.key, id: role.id },
    name: sessionName,
    durationSeconds: Math.max(1, Math.min(seconds, left)),
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
    packedPolicySize: checked.percent,
  }
}

/** Undefined when the token would be too long to send: a provider may say very much of a user. */
function issueIfShort(context: Parameters<typeof issueSession>[0], spec: SessionSpec): Credentials | undefined {
  try {
    return issueSession(context, spec)
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}
