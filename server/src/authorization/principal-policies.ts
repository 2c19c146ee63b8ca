// Which policies apply to a caller (docs/reference/identity-pools-sts-iam-sync.md 16.2): those of its role or user,
// their boundary, and the session policies. Everything comes from the cache of IAM; a policy's text is compiled once
// (policy/compile-policy.ts).
import type { Context } from '../context.ts'
import type { Group, Role, User } from '../iam/entity-types.ts'
import { policyDocument } from '../iam/managed-policy.ts'
import { type CompiledPolicy, compilePolicy, fullAccess } from '../policy/compile-policy.ts'
import type { PolicySet } from '../policy/evaluate.ts'
import type { Principal } from './principal.ts'
import type { Session } from './session-token.ts'

/** The policies of a principal. A boundary or session policy that was deleted allows nothing. */
export async function principalPolicies(context: Context, principal: Principal): Promise<PolicySet> {
  const { session } = principal
  const sessionPolicies = session && (await policiesOfSession(context, session))
  const restricted = sessionPolicies && { session: sessionPolicies }
  if (principal.kind === 'root') return { identity: [fullAccess], ...restricted }
  const owner = principal.kind === 'role-session' ? principal.role : principal.user
  if (!owner) return { identity: [fullAccess], ...restricted }
  const { boundaryArn } = owner.settings
  return {
    identity: await identityPolicies(context, owner),
    ...(boundaryArn !== undefined && { boundary: await managedPolicies(context, [boundaryArn]) }),
    ...restricted,
  }
}

/** Inline and attached policies, and for a user those of its groups. */
export async function identityPolicies(context: Context, owner: Role | User): Promise<CompiledPolicy[]> {
  const groups =
    owner.kind === 'user' ? await Promise.all(owner.settings.groups.map((key) => context.iam.byKey('group', key))) : []
  const owners = [owner, ...groups.filter((group): group is Group => group !== undefined)]
  const policies = await Promise.all(
    owners.map(async ({ settings }) => [
      ...Object.values(settings.inlinePolicies).map((text) => compilePolicy(text, 'identity')),
      ...(await managedPolicies(context, settings.attachedPolicies)),
    ]),
  )
  return policies.flat()
}

/**
 * The session policies of a session; undefined when it has none and so is not restricted. A federated user's session
 * without policies is allowed nothing.
 */
async function policiesOfSession(context: Context, session: Session): Promise<CompiledPolicy[] | undefined> {
  const { kind, policies = [], policyArns = [] } = session
  if (kind !== 'federated-user' && policies.length === 0 && policyArns.length === 0) return undefined
  return [...policies.map((text) => compilePolicy(text, 'identity')), ...(await managedPolicies(context, policyArns))]
}

async function managedPolicies(context: Context, arns: readonly string[]): Promise<CompiledPolicy[]> {
  const texts = await Promise.all(arns.map((arn) => policyDocument(context, arn)))
  return texts.flatMap((text) => (text === undefined ? [] : [compilePolicy(text, 'identity')]))
}
