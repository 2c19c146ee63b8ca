// From a request to its operation: every service's model, and the operations that are implemented.
import { cognitoIdpOperations } from '../cognito-idp/table.ts'
import { cognitoIdentityModel } from '../contract/cognito-identity.model.ts'
import { cognitoIdpModel } from '../contract/cognito-idp.model.ts'
import type { OperationModel, ServiceModel } from '../contract/service-model.ts'
import type { AnyOperation } from '../operation.ts'

export interface Route {
  readonly service: ServiceModel
  readonly name: string
  readonly model: OperationModel
  /** Undefined: in the contract, but not written yet. */
  readonly run: AnyOperation['run'] | undefined
}

const services: readonly { model: ServiceModel; operations: readonly AnyOperation[] }[] = [
  { model: cognitoIdpModel, operations: cognitoIdpOperations },
  { model: cognitoIdentityModel, operations: [] },
]

/** Routes by the value of X-Amz-Target. Throws when the table names what the contract does not have. */
export function buildRoutes(): ReadonlyMap<string, Route> {
  const routes = new Map<string, Route>()
  for (const { model: service, operations } of services) {
    const written = new Map(operations.map(({ name, run }) => [name, run]))
    if (written.size !== operations.length) throw new Error(`The table of ${service.service} names an operation twice.`)
    for (const [name, model] of Object.entries(service.operations))
      routes.set(`${service.targetPrefix}.${name}`, { service, name, model, run: written.get(name) })
    for (const name of written.keys())
      if (!Object.hasOwn(service.operations, name))
        throw new Error(`The contract of ${service.service} has no operation ${name}.`)
  }
  return routes
}
