// From a request to its operation: every service's model, and the operations that are implemented.
//
// Each of the three protocols names the operation elsewhere: X-Amz-Target, the form's Action, the path.
import type { OperationModel, ServiceModel } from '../contract/service-model.ts'
import { type ApiRequest, headerOf } from '../http/request.ts'
import type { AnyOperation } from '../operation.ts'
import type { Service } from '../service.ts'
import { isForm } from './protocols/aws-query.ts'
import { matchPath } from './protocols/rest-json.ts'
import { services } from './services.ts'

export interface Route {
  readonly service: Service
  readonly name: string
  readonly model: OperationModel
  /** Loads the operation's `run`; undefined for an operation of the contract that is not implemented yet. */
  readonly load: () => Promise<AnyOperation['run'] | undefined>
}

export interface Routes {
  /** The operation that a request names; undefined when it names none, or one that no contract has. */
  find(request: ApiRequest): Route | undefined
  /** Whether a path belongs to the API, even when no operation has it; all other paths are pages. */
  ownsPath(rawPath: string): boolean
  /**
   * Loads the operations that must be loaded at the start, or all. Rejects when a service lists one that its contract
   * lacks.
   */
  load(which: 'at-start' | 'all'): Promise<void>
}

/** The routes of all services. Code of operations is loaded at its first use, or ahead of it by `load`. */
export function buildRoutes(of: readonly Service[] = services): Routes {
  const loads = new Map(of.map((service) => [service, once(() => loadOperations(service))]))
  const routes = of.flatMap((service) => routesOf(service, loads.get(service) as LoadOperations))
  const routesBy = (protocol: ServiceModel['protocol']): Route[] =>
    routes.filter(({ service }) => service.model.protocol === protocol)
  const targets = new Map<string, Route>(
    routesBy('json').map((route) => [`${route.service.model.targetPrefix}.${route.name}`, route] as const),
  )
  const actions = new Map(routesBy('query').map((route) => [route.name, route]))
  const paths = routesBy('rest-json')
  // The first segments of the paths of REST operations; so far one, /identitypools.
  const roots = [...new Set(paths.map(({ model }) => /^\/[^/]*/.exec(model.http?.uri ?? '')?.[0] ?? '/'))]
  return {
    async load(which) {
      for (const [service, load] of loads) if (which === 'all' || service.loadedAtStart) await load()
    },
    ownsPath: (rawPath) => rawPath === '/' || roots.some((root) => rawPath.startsWith(root)),
    find(request) {
      const target = request.headers.filter(([name]) => name.toLowerCase() === 'x-amz-target')
      if (target.length > 0)
        return target.length === 1 && request.method === 'POST' ? targets.get(target[0]?.[1] as string) : undefined
      if (request.rawPath === '/') {
        const { action = '', version } = actionOf(request) ?? {}
        const route = actions.get(action)
        return version === undefined || route?.service.model.apiVersion === version ? route : undefined
      }
      return paths.find(
        ({ model }) => model.http?.method === request.method && matchPath(model, request.rawPath) !== undefined,
      )
    },
  }
}

type LoadOperations = () => Promise<ReadonlyMap<string, AnyOperation['run']>>

function once<Result>(load: () => Promise<Result>): () => Promise<Result> {
  let result: Promise<Result> | undefined
  return () => {
    result ??= load()
    return result
  }
}

async function loadOperations({ model, load }: Service): Promise<ReadonlyMap<string, AnyOperation['run']>> {
  const operations = await load()
  const byName = new Map(operations.map(({ name, run }) => [name, run]))
  if (byName.size !== operations.length) throw new Error(`${model.service} lists an operation twice.`)
  for (const name of byName.keys())
    if (!Object.hasOwn(model.operations, name))
      throw new Error(`The contract of ${model.service} has no operation ${name}.`)
  return byName
}

function routesOf(service: Service, operations: LoadOperations): Route[] {
  return Object.entries(service.model.operations).map(([name, model]) => ({
    service,
    name,
    model,
    load: async () => (await operations()).get(name),
  }))
}

/**
 * The Action and Version in the form or query string of a request of the query protocol; undefined for other requests.
 */
export function actionOf(
  request: Omit<ApiRequest, 'body'> & { body?: Uint8Array },
): { action: string; version: string | undefined } | undefined {
  if (request.rawPath !== '/' || headerOf(request, 'x-amz-target') !== undefined) return undefined
  const form = isForm(request) ? Buffer.from(request.body ?? []).toString('latin1') : ''
  for (const text of [form, request.rawQuery]) {
    const action = /(?:^|&)Action=(\w{1,64})(?:&|$)/.exec(text)?.[1]
    if (action !== undefined) return { action, version: /(?:^|&)Version=([\w-]{1,16})(?:&|$)/.exec(text)?.[1] }
  }
  return undefined
}
