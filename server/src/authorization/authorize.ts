// The authorization step of a request: evaluates the policies that apply to a signed caller for an action on a
// resource. Operations that touch a second resource, such as a role that they pass on, call it as well. Which policies
// apply is principal-policies.ts; how they are evaluated is policy/.
import type { Context } from '../context.ts'
import { ApiError } from '../errors.ts'
import { entityArn } from '../iam/arn-rules.ts'
import type { Role } from '../iam/entity-types.ts'
import type { SignedCaller } from '../operation.ts'
import { compilePolicy } from '../policy/compile-policy.ts'
import { denialText } from '../policy/denial-text.ts'
import { type Decision, evaluate } from '../policy/evaluate.ts'
import type { Principal as PolicyPrincipal } from '../policy/principal.ts'
import {
  type ContextEntries,
  type ContextValues,
  createRequestContext,
  mapTexts,
  valuesOf,
} from '../policy/request-context.ts'
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
  /** How the value of a policy variable is written in ARNs of the resource; as it is, when absent. */
  resourceValue?: (value: string) => string
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

/**
 * Whether the caller is allowed, and by which statements. Throws the error of session-restrictions.ts for temporary
 * credentials that can never be used for the action, whatever policies say.
 */
export async function decide(context: Context, caller: SignedCaller, asked: Authorization): Promise<Decision> {
  const { action, resource, assumed, resourceValue } = asked
  const { principal } = caller
  const restriction = sessionRestriction(principal, action)
  if (restriction) throw new ApiError(restriction.code, restriction.message)
  if (principal.kind === 'root' && !principal.session) return { allowed: true, matched: [] }
  const policies = await principalPolicies(context, principal)
  const policyCaller = policyPrincipal(caller)
  const requestContext = createRequestContext(...conditionKeys(context, caller, asked))
  const request = {
    action,
    resource: resource.arn,
    principal: policyCaller,
    context: requestContext,
    ...(resourceValue && { resourceContext: mapTexts(requestContext, resourceValue) }),
  }
  if (!assumed) return evaluate(request, policies)
  return evaluate(
    { ...request, principal: trustedPrincipal(policyCaller, principal, assumed) },
    { ...policies, trust: compilePolicy(assumed.settings.trustPolicy, 'trust') },
  )
}

/** The condition keys of a request with their sources; a later one takes the place of an earlier one. */
function conditionKeys(
  context: Context,
  caller: SignedCaller,
  { action, resource, input = {}, keys = [] }: Authorization,
): ContextEntries[] {
  const service = action.slice(0, action.indexOf(':'))
  return [
    requestKeys(context.config, context.publicUrl, caller, context.clock.now()),
    principalKeys(caller, policyPrincipal(caller).roleArn),
    resourceKeys(service, resource.tags ?? {}),
    resource.keys ?? [],
    inputKeys(service, input),
    keys,
  ]
}

/** The values of all condition keys of a request, for those who ask why it was denied. */
export const conditionValues = (context: Context, caller: SignedCaller, asked: Authorization): ContextValues =>
  valuesOf(conditionKeys(context, caller, asked))

/**
 * The caller as the trust policy of a role matches it. A user or role that was deleted and created again under its old
 * name is not the one that the policy trusts, so it is matched by its unique id instead of its ARN
 * (docs/reference/identity-pools-sts-iam-sync.md 16.3).
 */
function trustedPrincipal(policyCaller: PolicyPrincipal, principal: Principal, { settings }: Role): PolicyPrincipal {
  const { trustedIds = {} } = settings
  const isRecreated = (arn: string | undefined, id: string): boolean =>
    arn !== undefined && Object.hasOwn(trustedIds, arn) && trustedIds[arn] !== id
  if (principal.kind === 'role-session')
    return isRecreated(policyCaller.roleArn, principal.role.id)
      ? { ...policyCaller, roleArn: principal.role.id }
      : policyCaller
  if (principal.kind !== 'user' && principal.kind !== 'user-session') return policyCaller
  return isRecreated(policyCaller.arn, principal.user.id) ? { ...policyCaller, arn: principal.user.id } : policyCaller
}

/** The caller as the `Principal` element of policies matches it. */
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
