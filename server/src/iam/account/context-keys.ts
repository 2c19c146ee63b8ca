// The context keys that policies refer to.
import { contextKeysOf } from '../../policy/context-keys.ts'
import { readPolicy } from '../../policy/policy-grammar.ts'
import type { SimulatedPolicy } from './simulated-policies.ts'

/** Each key once, compared without case, in its first spelling. */
export function contextKeyNames(policies: readonly SimulatedPolicy[]): string[] {
  const names = new Map<string, string>()
  for (const { text } of policies) {
    const parsed = readPolicy(text)
    if ('malformed' in parsed) continue
    for (const name of contextKeysOf(parsed.document))
      if (!names.has(name.toLowerCase())) names.set(name.toLowerCase(), name)
  }
  return [...names.values()]
}
