// The context keys that a policy refers to in conditions and variables, for GetContextKeysForCustomPolicy and the like.
import { isCurrentVersion, type PolicyDocument } from './policy-document.ts'
import { isVariable, readPieces } from './variables.ts'

/** As the policy spells it. */
export type ContextKey = string

/** Each key once, compared without case, in the spelling and order of its first occurrence. */
export function contextKeysOf(document: PolicyDocument): ContextKey[] {
  const keys = new Map<string, ContextKey>()
  const add = (key: string) => {
    if (!keys.has(key.toLowerCase())) keys.set(key.toLowerCase(), key)
  }
  const addVariables = (texts: readonly string[]) => {
    if (!isCurrentVersion(document)) return
    for (const text of texts) {
      for (const piece of readPieces(text, { wildcards: true, variables: true })) {
        if (isVariable(piece) && piece.name !== '') add(piece.name)
      }
    }
  }
  for (const { resource, notResource, condition } of document.statements) {
    addVariables(resource ?? notResource ?? [])
    for (const { key, values } of condition ?? []) {
      add(key)
      addVariables(values)
    }
  }
  return [...keys.values()]
}
