// The step `check` of the path: in tests and development an output or error that the contract does not declare becomes
// an internal error, so that the test that received it fails.
import { ApiError, pathErrors } from '../errors.ts'
import type { Route } from './routes.ts'
import { findViolations } from './validate.ts'

/** Throws for an output that breaks the constraints of the contract. */
export function checkOutput({ service, name, model }: Route, output: unknown): void {
  if (model.output === undefined) return
  const violations = findViolations(service, name, model.output, output ?? {})
  if (violations !== undefined) throw new Error(`The output of ${name} breaks the contract: ${violations}`)
}

/** `thrown`, or an internal error in its place when the contract does not allow the operation to answer with it. */
export function checkError(route: Route | undefined, thrown: unknown): unknown {
  if (!route || !(thrown instanceof ApiError) || mayAnswer(route, thrown)) return thrown
  const { service, name } = route
  return new Error(
    `${service.model.service} ${name} answered ${thrown.name}, which its contract does not declare: ${thrown.message} ` +
      `(Raise a declared error. If the service is known to answer this one all the same, name it with the reason in undeclaredErrors of ${service.model.service}/service.ts.)`,
    { cause: thrown },
  )
}

function mayAnswer({ service, name, model }: Route, error: ApiError): boolean {
  if (model.errors.includes(error.name) || Object.hasOwn(pathErrors, error.name)) return true
  if (error.name === service.validationError) return true
  const undeclared = service.undeclaredErrors?.[error.name]
  return undeclared !== undefined && (undeclared.by?.(name, model) ?? true)
}
