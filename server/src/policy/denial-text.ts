// The messages of AccessDenied (docs/reference/identity-pools-sts-iam-sync.md 16.6). Clients look for
// `is not authorized to perform`.
import type { Decision, PolicyName } from './evaluate.ts'

export interface Denied {
  /** The caller's ARN; undefined when there was no signature. */
  caller: string | undefined
  /** `cognito-sync:ListDatasets`, as the service spells it. */
  action: string
  /** ARN or `*`. */
  resource: string
}

const articles: Record<PolicyName, string> = {
  'identity-based policy': 'an',
  'resource-based policy': 'a',
  'role trust policy': 'the',
  'permissions boundary': 'a',
  'session policy': 'a',
}

/** The first half, which is the whole message of older services. */
export const denialStart = ({ caller, action, resource }: Denied): string =>
  `User: ${caller ?? 'anonymous'} is not authorized to perform: ${action} on resource: ${resource}`

/** The whole message, with the reason. */
export function denialText(denied: Denied, decision: Decision & { allowed: false }): string {
  const reason =
    decision.kind === 'explicit-deny'
      ? `with an explicit deny in ${articles[decision.in]} ${decision.in}`
      : `because no ${decision.in} allows the ${denied.action} action`
  return `${denialStart(denied)} ${reason}`
}
