// The context of a request: values of condition keys, looked up without case. A value may be a function, which is
// called when a policy first needs it, so that keys which no policy mentions cost nothing.
import type { Work } from './work.ts'

/**
 * A text for a single-valued key, a list for a multivalued one
 * (docs/reference/identity-pools-sts-iam-sync.md 16.4).
 */
export type ContextValue = string | readonly string[]
export type ContextSource = ContextValue | undefined | (() => ContextValue | undefined)

/** Keys and their values. Of several lists the later ones take precedence. */
export type ContextEntries = Iterable<readonly [key: string, source: ContextSource]>

export interface RequestContext {
  /** What evaluations with this context cost. */
  readonly work: Work
  /** The value of a key in lower case. Undefined when it is absent or an empty list. */
  get(lowerCaseKey: string): ContextValue | undefined
}

/**
 * `createRequestContext(session, request)`: keys such as `aws:PrincipalTag/Team` in any case. Read at the first lookup.
 */
export function createRequestContext(...layers: ContextEntries[]): RequestContext {
  let sources: Map<string, ContextSource> | undefined
  return {
    work: { steps: 0 },
    get(lowerCaseKey) {
      sources ??= readLayers(layers)
      let value = sources.get(lowerCaseKey)
      if (typeof value === 'function') {
        value = value()
        sources.set(lowerCaseKey, value)
      }
      return typeof value === 'object' && value.length === 0 ? undefined : value
    },
  }
}

/** Keys as they are spelled, with at least one value each. */
export type ContextValues = ReadonlyMap<string, readonly string[]>

/** All keys that have a value. */
export function valuesOf(layers: readonly ContextEntries[]): ContextValues {
  const values = new Map<string, readonly string[]>()
  for (const layer of layers) {
    for (const [key, source] of layer) {
      const value = typeof source === 'function' ? source() : source
      const list = value === undefined ? [] : typeof value === 'string' ? [value] : value
      if (list.length > 0) values.set(key, list)
    }
  }
  return values
}

/** The same context with every text changed; lists, which are no values of variables, stay as they are. */
export const mapTexts = (context: RequestContext, change: (text: string) => string): RequestContext => ({
  work: context.work,
  get(lowerCaseKey) {
    const value = context.get(lowerCaseKey)
    return typeof value === 'string' ? change(value) : value
  },
})

function readLayers(layers: readonly ContextEntries[]): Map<string, ContextSource> {
  const sources = new Map<string, ContextSource>()
  for (const layer of layers) {
    for (const [key, source] of layer) sources.set(key.toLowerCase(), source)
  }
  return sources
}
