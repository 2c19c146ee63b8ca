// From a request to its operation: every service's model, and the operations that are implemented.
//
// The three protocols name their operation in different places: X-Amz-Target, the form's Action, the path.
import { cognitoIdpOperations } from '../cognito-idp/table.ts'
import { cognitoIdentityModel } from '../contract/cognito-identity.model.ts'
import { cognitoIdpModel } from '../contract/cognito-idp.model.ts'
import { cognitoSyncModel } from '../contract/cognito-sync.model.ts'
import type { OperationModel, ServiceModel } from '../contract/service-model.ts'
import { stsModel } from '../contract/sts.model.ts'
import { type ApiRequest, headerOf } from '../http/request.ts'
import type { AnyOperation } from '../operation.ts'

export interface Route {
  readonly service: ServiceModel
  readonly name: string
  readonly model: OperationModel
  /** Undefined: in the contract, but not written yet. */
  readonly run: AnyOperation['run'] | undefined
}

export interface Routes {
  /** The operation that a request names; undefined when it names none, or none that is in a contract. */
  find(request: ApiRequest): Route | undefined
}

const services: readonly { model: ServiceModel; operations: readonly AnyOperation[] }[] = [
  { model: cognitoIdpModel, operations: cognitoIdpOperations },
  { model: cognitoIdentityModel, operations: [] },
  { model: cognitoSyncModel, operations: [] },
  { model: stsModel, operations: [] },
]

/** Paths of the REST protocol that belong to the API; all others are pages. */
export const isRestPath = (rawPath: string): boolean => rawPath.startsWith('/identitypools')

/** Throws when the table names what the contract does not have. */
export function buildRoutes(): Routes {
  const routes = services.flatMap(({ model, operations }) => routesOf(model, operations))
  const targets = new Map(routes.map((route) => [`${route.service.targetPrefix}.${route.name}`, route]))
  const actions = new Map(
    routes.filter(({ service }) => service.protocol === 'query').map((route) => [route.name, route]),
  )
  const paths = routes
    .filter(({ service }) => service.protocol === 'rest-json')
    .map((route) => ({ route, pattern: pathPattern(route.model) }))
  return {
    find(request) {
      const target = request.headers.filter(([name]) => name.toLowerCase() === 'x-amz-target')
      if (target.length > 0)
        return target.length === 1 && request.method === 'POST' ? targets.get(target[0]?.[1] as string) : undefined
      if (request.rawPath === '/') return actions.get(actionOf(request) ?? '')
      return paths.find(
        ({ route, pattern }) => route.model.http?.method === request.method && pattern.test(request.rawPath),
      )?.route
    },
  }
}

function routesOf(service: ServiceModel, operations: readonly AnyOperation[]): Route[] {
  const written = new Map(operations.map(({ name, run }) => [name, run]))
  if (written.size !== operations.length) throw new Error(`The table of ${service.service} names an operation twice.`)
  for (const name of written.keys())
    if (!Object.hasOwn(service.operations, name))
      throw new Error(`The contract of ${service.service} has no operation ${name}.`)
  return Object.entries(service.operations).map(([name, model]) => ({ service, name, model, run: written.get(name) }))
}

function actionOf(request: ApiRequest): string | undefined {
  const form = headerOf(request, 'content-type')?.startsWith('application/x-www-form-urlencoded')
  const text = request.method === 'GET' ? request.rawQuery : form ? Buffer.from(request.body).toString('latin1') : ''
  return /(?:^|&)Action=(\w{1,64})(?:&|$)/.exec(text)?.[1]
}

const pathPattern = ({ http }: OperationModel): RegExp =>
  new RegExp(`^${(http?.uri ?? '').replaceAll(/\{\w+\}/g, '[^/]+')}/?$`)
