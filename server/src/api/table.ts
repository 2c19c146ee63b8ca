// From a request to its operation: every service's model, and the operations that are implemented.
//
// The three protocols name their operation in different places: X-Amz-Target, the form's Action, the path.
import type { OperationModel, ServiceModel } from '../contract/service-model.ts'
import { type ApiRequest, headerOf } from '../http/request.ts'
import type { AnyOperation } from '../operation.ts'
import type { Service } from '../service.ts'
import { isForm } from './protocols/aws-query.ts'
import { services } from './services.ts'

export interface Route {
  readonly service: ServiceModel
  readonly provider: Service
  readonly name: string
  readonly model: OperationModel
  /** What runs; undefined when it is in the contract, but not written yet. */
  readonly load: () => Promise<AnyOperation['run'] | undefined>
}

export interface Routes {
  /** The operation that a request names; undefined when it names none, or none that is in a contract. */
  find(request: ApiRequest): Route | undefined
  /** Loads the operations of a service, or of all. Rejects when a table names what the contract does not have. */
  load(service?: string): Promise<void>
}

/** Paths of the REST protocol that belong to the API; all others are pages. */
export const isRestPath = (rawPath: string): boolean => rawPath.startsWith('/identitypools')

/** Operations are loaded when they are asked for, or ahead by `load`. */
export function buildRoutes(): Routes {
  const tables = new Map(services.map((provider) => [provider, once(() => loadTable(provider))]))
  const routes = services.flatMap((provider) => routesOf(provider, tables.get(provider) as LoadTable))
  // Services of the other protocols have no targets.
  const targets = new Map<string, Route>(
    routes.flatMap((route) =>
      route.service.targetPrefix === undefined ? [] : [[`${route.service.targetPrefix}.${route.name}`, route] as const],
    ),
  )
  const actions = new Map(
    routes.filter(({ service }) => service.protocol === 'query').map((route) => [route.name, route]),
  )
  const paths = routes
    .filter(({ service }) => service.protocol === 'rest-json')
    .map((route) => ({ route, pattern: pathPattern(route.model) }))
  return {
    async load(service) {
      for (const [{ model }, load] of tables) if (service === undefined || service === model.service) await load()
    },
    find(request) {
      const target = request.headers.filter(([name]) => name.toLowerCase() === 'x-amz-target')
      if (target.length > 0)
        return target.length === 1 && request.method === 'POST' ? targets.get(target[0]?.[1] as string) : undefined
      if (request.rawPath === '/') {
        const { action = '', version } = actionOf(request) ?? {}
        const route = actions.get(action)
        return version === undefined || route?.service.apiVersion === version ? route : undefined
      }
      return paths.find(
        ({ route, pattern }) => route.model.http?.method === request.method && pattern.test(request.rawPath),
      )?.route
    },
  }
}

type LoadTable = () => Promise<ReadonlyMap<string, AnyOperation['run']>>

function once<Result>(make: () => Promise<Result>): () => Promise<Result> {
  let made: Promise<Result> | undefined
  return () => {
    made ??= make()
    return made
  }
}

async function loadTable({ model: service, load }: Service): Promise<ReadonlyMap<string, AnyOperation['run']>> {
  const operations = await load()
  const written = new Map(operations.map(({ name, run }) => [name, run]))
  if (written.size !== operations.length) throw new Error(`The table of ${service.service} names an operation twice.`)
  for (const name of written.keys())
    if (!Object.hasOwn(service.operations, name))
      throw new Error(`The contract of ${service.service} has no operation ${name}.`)
  return written
}

function routesOf(provider: Service, table: LoadTable): Route[] {
  const { model: service } = provider
  return Object.entries(service.operations).map(([name, model]) => ({
    service,
    provider,
    name,
    model,
    load: async () => (await table()).get(name),
  }))
}

/** The action that a request of the query protocol names in its form or query string, and the version of the API. */
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

const pathPattern = ({ http }: OperationModel): RegExp =>
  new RegExp(`^${(http?.uri ?? '').replaceAll(/\{\w+\}/g, '[^/]+')}/?$`)
