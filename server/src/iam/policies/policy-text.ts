// Checks of policy documents in requests, which are stored unchanged. Trust policies are in roles/trust-policy.ts.
import { parsePolicy, policySize } from '../../policy/policy-grammar.ts'
import { inlinePoliciesTooLargeError, malformedPolicyError, quotaExceededError } from '../iam-errors.ts'
import { inlineSizes, limits } from '../limits.ts'
import type { Holder } from './holders.ts'

/** Throws MalformedPolicyDocument for an invalid inline policy. */
export function checkInlinePolicy(text: string): void {
  const parsed = parsePolicy(text, 'identity')
  if ('malformed' in parsed) throw malformedPolicyError(parsed.malformed)
}

/**
 * Throws LimitExceeded when the inline policies of a holder are together too long
 * (docs/reference/identity-pools-sts-iam-sync.md 16.1).
 */
export function checkInlineSize(
  { kind, settings: { name } }: Holder,
  policies: Readonly<Record<string, string>>,
): void {
  const size = Object.values(policies).reduce((sum, text) => sum + policySize(text), 0)
  if (size > inlineSizes[kind].max) throw inlinePoliciesTooLargeError(kind, name, inlineSizes[kind].max)
}

/** Throws MalformedPolicyDocument or LimitExceeded for an invalid managed policy. */
export function checkManagedPolicy(text: string): void {
  const parsed = parsePolicy(text, 'identity', { managed: true })
  if ('malformed' in parsed) throw malformedPolicyError(parsed.malformed)
  if (policySize(text) > limits.policySize.max) throw quotaExceededError(limits.policySize)
}
