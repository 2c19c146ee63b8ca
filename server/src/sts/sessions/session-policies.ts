// Session policies: policies in a request for a session, which bound what the session may do
// (docs/reference/identity-pools-sts-iam-sync.md 15.2, 16.2).

import type { Context } from '../../context.ts'
import { policyDocument } from '../../iam/managed-policy.ts'
import { parsePolicy } from '../../policy/policy-grammar.ts'
import { limits } from '../limits.ts'
import type { Packed } from './packed-size.ts'
import { exceededPackedSize } from './packed-size.ts'

export interface SessionPolicies {
  policies?: string[]
  policyArns?: string[]
}

export type PolicyRefusal =
  | { refused: 'malformed-policy'; text: string }
  | { refused: 'invalid-policy-arns'; text: string }
  | { refused: 'unknown-policy'; arn: string }
  | { refused: 'packed-size'; percent: number; packed: Packed }

/** Parses Policy and PolicyArns of a request; managed policies are not looked up yet (packedRefusal). */
export function readSessionPolicies(input: {
  Policy?: string
  PolicyArns?: { arn?: string }[]
}): SessionPolicies | PolicyRefusal {
  const parsed = input.Policy === undefined ? undefined : parsePolicy(input.Policy, 'identity')
  if (parsed && 'malformed' in parsed) return { refused: 'malformed-policy', text: parsed.malformed }
  const arns = input.PolicyArns?.map(({ arn }) => arn) ?? []
  const nameless = arns.indexOf(undefined)
  if (arns.length > limits.policyArns.max || nameless >= 0) {
    const [path, constraint] =
      nameless >= 0
        ? [`policyArns.${nameless + 1}.member.arn`, 'Member must not be null']
        : ['policyArns', `Member must have length less than or equal to ${limits.policyArns.max}`]
    const value = nameless >= 0 ? 'null' : `'[${arns.join(', ')}]'`
    const text = `1 validation error detected: Value ${value} at '${path}' failed to satisfy constraint: ${constraint}`
    return { refused: 'invalid-policy-arns', text }
  }
  return {
    ...(input.Policy !== undefined && { policies: [input.Policy] }),
    ...(arns.length > 0 && { policyArns: [...new Set(arns as string[])] }),
  }
}

/** Why the session policies and tags of a request are refused: unknown managed policies, or too large together. */
export async function packedRefusal(
  context: Pick<Context, 'iam' | 'config'>,
  packed: Packed,
): Promise<PolicyRefusal | undefined> {
  for (const arn of packed.policyArns ?? [])
    if ((await policyDocument(context, arn)) === undefined) return { refused: 'unknown-policy', arn }
  const percent = exceededPackedSize(packed)
  return percent === undefined ? undefined : { refused: 'packed-size', percent, packed }
}
