// Why no session is issued, and how STS says so (docs/reference/identity-pools-sts-iam-sync.md 15.5, 15.6). Identity
// pools have their own words for the same reasons.
import { type DurationRefusalReason, durationProblems } from './duration-rules.ts'
import { packedProblem } from './packed-size.ts'
import type { PolicyRefusal } from './session-policies.ts'
import { type TagRefusalReason, tagProblems } from './session-tag-rules.ts'

/** Actions that a role's trust policy decides on. */
export type AssumeAction =
  | 'sts:AssumeRole'
  | 'sts:AssumeRoleWithWebIdentity'
  | 'sts:AssumeRoleWithSAML'
  | 'sts:TagSession'
  | 'sts:SetSourceIdentity'

export type SessionRefusal =
  | { refused: 'invalid-role-arn'; arn: string }
  /** Also when there is no such role: nobody learns which roles there are. */
  | { refused: 'not-allowed'; action: AssumeAction }
  | { refused: DurationRefusalReason }
  /** What a provider says of the user does not fit into a session token. */
  | { refused: 'token-size' }
  | { refused: TagRefusalReason }
  | PolicyRefusal

type ErrorName =
  | 'AccessDenied'
  | 'ValidationError'
  | 'InvalidParameterValue'
  | 'MalformedPolicyDocumentException'
  | 'PackedPolicyTooLargeException'

/** Error and text of a reason; `denied` words that an action is not allowed. */
export function sessionRefusalWords(
  refusal: SessionRefusal,
  denied: (action: AssumeAction) => string,
): readonly [name: ErrorName, message: string] {
  switch (refusal.refused) {
    case 'invalid-role-arn':
      return [
        'ValidationError',
        refusal.arn.startsWith('arn:') ? 'Request ARN is invalid' : `${refusal.arn} is invalid`,
      ]
    case 'not-allowed':
      return ['AccessDenied', denied(refusal.action)]
    case 'malformed-policy':
      return ['MalformedPolicyDocumentException', refusal.text]
    case 'invalid-policy-arns':
      return ['ValidationError', refusal.text]
    case 'unknown-policy':
      return ['ValidationError', `Policy ${refusal.arn} does not exist or is not attachable.`]
    case 'packed-size':
      return ['PackedPolicyTooLargeException', packedProblem(refusal.packed, refusal.percent)]
    case 'token-size':
      return ['PackedPolicyTooLargeException', 'The claims of the identity are too large for a session.']
    case 'duration':
    case 'chained-duration':
      return ['ValidationError', durationProblems[refusal.refused]]
    default:
      return ['InvalidParameterValue', tagProblems[refusal.refused]]
  }
}

/** The words for callers who are known by a token or an assertion only. */
export const notAuthorized = (action: AssumeAction): string => `Not authorized to perform ${action}`
