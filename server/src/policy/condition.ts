// Compiles a condition: operator, key and values. Owns what all operators share: missing keys, negation, IfExists, the
// set qualifiers, Null (docs/reference/identity-pools-sts-iam-sync.md 16.4).
import { type OperatorName, parseOperatorName } from './condition-operators.ts'
import type { Condition } from './policy-document.ts'
import type { RequestContext } from './request-context.ts'
import { CHARACTERS_A_STEP, charge } from './work.ts'

export type CompiledCondition = (context: RequestContext) => boolean

/** `effect` and `variables` are those of the statement and its document. */
export function compileCondition(
  { operator: name, key, values }: Condition,
  effect: 'Allow' | 'Deny',
  variables: boolean,
): CompiledCondition {
  const parsed = parseOperatorName(name)
  // Documents with an unknown operator are not compiled; if one were, it would allow nothing.
  if (!parsed) return () => effect === 'Deny'
  const lowerCaseKey = key.toLowerCase()
  if (!parsed.operator) return compileNull(lowerCaseKey, values)
  return compileComparison(parsed, parsed.operator, lowerCaseKey, values, effect, variables)
}

function compileNull(key: string, values: readonly string[]): CompiledCondition {
  const wanted = new Set(values.map((value) => value.toLowerCase()))
  return (context) => wanted.has(context.get(key) === undefined ? 'true' : 'false')
}

function compileComparison(
  { qualifier, ifExists }: OperatorName,
  { negated, compile }: NonNullable<OperatorName['operator']>,
  key: string,
  values: readonly string[],
  effect: 'Allow' | 'Deny',
  variables: boolean,
): CompiledCondition {
  const wanted = values.map((value) => compile(value, variables))
  const missing = ifExists || (qualifier === undefined ? negated : qualifier === 'ForAllValues')
  const holds = (value: string, context: RequestContext) => {
    charge(context.work, wanted.length * Math.ceil((1 + value.length) / CHARACTERS_A_STEP))
    let comparable = true
    for (const matcher of wanted) {
      const matches = matcher.matches(value, context)
      if (matches) return !negated
      if (matches === undefined) comparable = false
    }
    // Values that cannot be compared do not match. For a negated operator the condition then holds in a Deny only.
    return negated && (comparable || effect === 'Deny')
  }
  // Without a qualifier a multivalued key matches if one of its values does; with negation if none does.
  const every = qualifier === 'ForAllValues' || (qualifier === undefined && negated)

  return (context) => {
    const value = context.get(key)
    if (value === undefined) return missing
    if (qualifier === 'ForAllValues' && isNullDataSet(value)) return true
    if (typeof value === 'string') return holds(value, context)
    return every ? value.every((one) => holds(one, context)) : value.some((one) => holds(one, context))
  }
}

/** ForAllValues holds for a value that is "a null data set, such as an empty string" (IAM user guide). */
const isNullDataSet = (value: string | readonly string[]) =>
  typeof value === 'string' ? value === '' : value.length === 1 && value[0] === ''
