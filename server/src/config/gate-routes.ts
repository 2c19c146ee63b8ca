// The routes that the gate protects: for each route of a proxy the action and resource that a caller must be allowed,
// and which callers are accepted. Routes come from the file that GATE_ROUTES names, or, one at a time, from the query
// string of the URL that the proxy is configured to ask. Pure.

export interface GateRoute {
  /** Such as execute-api:Invoke. May hold placeholders, as may the resource: {method}, {path}, {host}. */
  action: string
  /** An ARN, or `*`. */
  resource: string
  /** The service that clients sign for. */
  service: string
  /** For users with a token: the ARN of the role whose policies decide, or `groups` for the role of the user's groups. */
  role?: string
  /** Scopes that an access token needs, one of them at least. */
  scopes?: readonly string[]
  /** User pools whose tokens count; all of this server when absent. */
  userPools?: readonly string[]
  /** App clients whose tokens count; all when absent. */
  clients?: readonly string[]
  /** Audiences (claim aud), of which a token must have one; when absent, also tokens for others count. */
  audiences?: readonly string[]
}

/** The signing name of API Gateway. */
const DEFAULT_SERVICE = 'execute-api'

const texts = ['action', 'resource', 'service', 'role'] as const
const lists = ['scopes', 'userPools', 'clients', 'audiences'] as const

/** A route from its members, or what is wrong with it. */
export function readRoute(given: Readonly<Record<string, unknown>>): GateRoute | { problem: string } {
  for (const name of Object.keys(given))
    if (![...texts, ...lists].includes(name as 'action')) return { problem: `${name} is no setting of a route.` }
  for (const name of texts)
    if (given[name] !== undefined && (typeof given[name] !== 'string' || given[name] === ''))
      return { problem: `${name} must be text.` }
  for (const name of lists) {
    const value = given[name]
    if (value !== undefined && !(Array.isArray(value) && value.every((item) => typeof item === 'string')))
      return { problem: `${name} must be a list of texts.` }
  }
  const route = given as Partial<GateRoute>
  if (!/^[\w-]+:[\w{}-]+$/.test(route.action ?? '')) return { problem: 'action must be service:Action.' }
  if (route.resource === undefined) return { problem: 'resource must be an ARN or *.' }
  if (route.role !== undefined && route.role !== 'groups' && !/^arn:aws[\w-]*:iam::\d{12}:role\/.+$/.test(route.role))
    return { problem: 'role must be the ARN of a role, or groups.' }
  const unknown = /\{(?!(?:method|path|host)\})[^}]*\}?/.exec(`${route.action} ${route.resource}`)
  if (unknown) return { problem: `${unknown[0]} is no placeholder; there are {method}, {path} and {host}.` }
  // A host may have a colon, which must not move what follows into another part of the ARN.
  if (!/^(?:\*|arn:(?:[^:{}]*:){4}.+)$/s.test(route.resource))
    return { problem: 'resource must be *, or an ARN with placeholders in its last part only.' }
  return { service: DEFAULT_SERVICE, ...route } as GateRoute
}

/** The routes of a file: a JSON object of routes by name. Throws Error with every problem. */
export function readRoutes(text: string): ReadonlyMap<string, GateRoute> {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch (error) {
    throw new Error(`It is not JSON: ${(error as Error).message}`)
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw new Error('It must hold an object of routes by their names.')
  const routes = new Map<string, GateRoute>()
  const problems: string[] = []
  for (const [name, given] of Object.entries(parsed)) {
    const route =
      typeof given === 'object' && given !== null && !Array.isArray(given)
        ? readRoute(given as Record<string, unknown>)
        : { problem: 'it must be an object.' }
    if (!/^[\w-]{1,64}$/.test(name)) problems.push(`${name}: a name has letters, digits, _ and - only.`)
    else if ('problem' in route) problems.push(`${name}: ${route.problem}`)
    else routes.set(name, route)
  }
  if (problems.length > 0) throw new Error(problems.join(' '))
  return routes
}

/** The action and resource of a request on a route. The path is without its leading slash, as in ARNs of execute-api. */
export function routeTarget(
  { action, resource }: Pick<GateRoute, 'action' | 'resource'>,
  request: { method: string; path: string; host: string },
): { action: string; resource: string } {
  const values: Readonly<Record<string, string>> = {
    '{method}': request.method,
    '{path}': request.path.replace(/^\//, ''),
    // Its case means nothing to anybody else.
    '{host}': request.host.toLowerCase(),
  }
  const fill = (template: string): string =>
    template.replace(/\{(?:method|path|host)\}/g, (placeholder) => values[placeholder] as string)
  return { action: fill(action), resource: fill(resource) }
}
