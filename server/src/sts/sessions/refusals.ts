// Why a session is refused, and the errors of STS for that (docs/reference/identity-pools-sts-iam-sync.md 15.5, 15.6).
// Identity pools have other errors for the same refusals.
import { splitArn } from '../../policy/arn-pattern.ts'
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
  /** Also for an unknown role, so that callers cannot find out which roles exist. */
  | { refused: 'not-allowed'; action: AssumeAction }
  | { refused: DurationRefusalReason }
  /** A provider's claims about the user do not fit into a session token. */
  | { refused: 'token-size' }
  | { refused: TagRefusalReason }
  | PolicyRefusal

type ErrorName =
  | 'AccessDenied'
  | 'ValidationError'
  | 'InvalidParameterValue'
  | 'MalformedPolicyDocumentException'
  | 'PackedPolicyTooLargeException'

/** Name and text of the error for a refusal. `denied`: the text for an action that is not allowed. */
export function sessionRefusalWords(
  refusal: SessionRefusal,
  denied: (action: AssumeAction) => string,
): readonly [name: ErrorName, message: string] {
  switch (refusal.refused) {
    case 'invalid-role-arn':
      return ['ValidationError', splitArn(refusal.arn) ? 'Request ARN is invalid' : `${refusal.arn} is invalid`]
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

/** The text of AccessDenied for callers that a token or an assertion authenticated. */
export const notAuthorized = (action: AssumeAction): string => `Not authorized to perform ${action}`
