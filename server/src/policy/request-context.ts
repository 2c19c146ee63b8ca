// What a request brings to conditions and variables: values by key, looked up without regard to case. A value may be a
// function that is called when a policy first asks for it, so that keys which no policy mentions cost nothing.

/**
 * A text is the value of a single-valued key, a list that of a multi-valued one
 * (docs/reference/identity-pools-sts-iam-sync.md 16.4).
 */
export type ContextValue = string | readonly string[]
export type ContextSource = ContextValue | undefined | (() => ContextValue | undefined)

/** Anything that lists keys and their values; several are laid over one another, later ones win. */
export type ContextEntries = Iterable<readonly [key: string, source: ContextSource]>

export interface RequestContext {
  /** The value of a key in lower case. Undefined when it is absent; an empty list is as good as absent. */
  get(lowerCaseKey: string): ContextValue | undefined
}

/** `createRequestContext(session, request)`: keys such as `aws:PrincipalTag/Team` in any case. Read when first asked. */
export function createRequestContext(...layers: ContextEntries[]): RequestContext {
  let sources: Map<string, ContextSource> | undefined
  return {
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

function readLayers(layers: readonly ContextEntries[]): Map<string, ContextSource> {
  const sources = new Map<string, ContextSource>()
  for (const layer of layers) {
    for (const [key, source] of layer) sources.set(key.toLowerCase(), source)
  }
  return sources
}
