// The step of the path that says yes or no to a signed caller: the policies that apply to it, evaluated for an action on
// a resource (iam/). Operations that touch a second resource, such as a role that they pass on, ask here as well.
import type { Context } from '../context.ts'
import { ApiError } from '../errors.ts'
import { entityArn } from '../iam/arn-rules.ts'
import type { Role } from '../iam/entity-types.ts'
import type { SignedCaller } from '../operation.ts'
import { compilePolicy } from '../policy/compile-policy.ts'
import { denialText } from '../policy/denial-text.ts'
import { type Decision, evaluate } from '../policy/evaluate.ts'
import type { Principal as PolicyPrincipal } from '../policy/principal.ts'
import { type ContextEntries, createRequestContext } from '../policy/request-context.ts'
import type { Resource } from '../service.ts'
import { inputKeys, principalKeys, requestKeys, resourceKeys } from './context-keys.ts'
import type { Principal } from './principal.ts'
import { principalPolicies } from './principal-policies.ts'
import { sessionRestriction } from './session-restrictions.ts'

export interface Authorization {
  /** service:Operation. */
  action: string
  resource: Resource
  /** The operation's input, for keys such as aws:RequestTag. */
  input?: Readonly<Record<string, unknown>>
  /** More condition keys. */
  keys?: ContextEntries
  /** The role that is to be assumed: its trust policy decides along with the caller's policies. */
  assumed?: Role
}

/**
 * Throws AccessDeniedException when the caller may not do it (texts:
 * docs/reference/identity-pools-sts-iam-sync.md 16.6).
 */
export async function authorize(context: Context, caller: SignedCaller, request: Authorization): Promise<void> {
  const decision = await decide(context, caller, request)
  if (decision.allowed) return
  const { action, resource } = request
  throw new ApiError(
    'AccessDeniedException',
    denialText({ caller: caller.arn, action, resource: resource.arn }, decision),
  )
}

/** Whether the caller may, and why. Throws when credentials of its kind never may, whatever policies say. */
export async function decide(
  context: Context,
  caller: SignedCaller,
  { action, resource, input = {}, keys = [], assumed }: Authorization,
): Promise<Decision> {
  const { principal } = caller
  const restriction = sessionRestriction(principal, action)
  if (restriction) throw new ApiError(restriction.code, restriction.message)
  if (principal.kind === 'root' && !principal.session) return { allowed: true, matched: [] }
  const policies = await principalPolicies(context, principal)
  const service = action.slice(0, action.indexOf(':'))
  const asked = policyPrincipal(caller)
  const requestContext = createRequestContext(
    requestKeys(context.config, context.publicUrl, caller, context.clock.now()),
    principalKeys(caller, asked.roleArn),
    resourceKeys(service, resource.tags ?? {}),
    resource.keys ?? [],
    inputKeys(service, input),
    keys,
  )
  const request = { action, resource: resource.arn, principal: asked, context: requestContext }
  if (!assumed) return evaluate(request, policies)
  return evaluate(
    { ...request, principal: trustedPrincipal(asked, principal, assumed) },
    { ...policies, trust: compilePolicy(assumed.settings.trustPolicy, 'trust') },
  )
}

/**
 * The caller as a trust policy knows it: whoever has taken the name of a user or role that is gone is not the one whom
 * it names, and goes by a unique id instead (docs/reference/identity-pools-sts-iam-sync.md 16.3).
 */
function trustedPrincipal(asked: PolicyPrincipal, principal: Principal, { settings }: Role): PolicyPrincipal {
  const { trustedIds = {} } = settings
  const isAnother = (arn: string | undefined, id: string): boolean =>
    arn !== undefined && Object.hasOwn(trustedIds, arn) && trustedIds[arn] !== id
  if (principal.kind === 'role-session')
    return isAnother(asked.roleArn, principal.role.id) ? { ...asked, roleArn: principal.role.id } : asked
  if (principal.kind !== 'user' && principal.kind !== 'user-session') return asked
  return isAnother(asked.arn, principal.user.id) ? { ...asked, arn: principal.user.id } : asked
}

/** The caller as policies know it. */
export function policyPrincipal({ arn, accountId, principal }: SignedCaller): PolicyPrincipal {
  switch (principal.kind) {
    case 'root':
      return { kind: 'root', arn, account: accountId }
    case 'role-session':
      return { kind: 'role-session', arn, account: accountId, roleArn: entityArn(accountId, principal.role) }
    case 'federated-user':
      return {
        kind: 'federated-user',
        arn,
        account: accountId,
        ...(principal.user && { userArn: entityArn(accountId, principal.user) }),
      }
    default:
      return { kind: 'user', arn, account: accountId }
  }
}
