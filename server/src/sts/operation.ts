// Operations of the Security Token Service.
import type { Context } from '../context.ts'
import type { StsOperations } from '../contract/sts.types.ts'
import type { BaseRequest } from '../operation.ts'
import type { undeclaredErrors } from './undeclared-errors.ts'

export type OperationName = keyof StsOperations & string
export type OperationRequest<Name extends OperationName> = BaseRequest<
  StsOperations[Name],
  keyof typeof undeclaredErrors
>

export interface Operation<Name extends OperationName = OperationName> {
  readonly name: Name
  readonly run: (context: Context, request: OperationRequest<Name>) => Promise<StsOperations[Name]['output']>
}

/** Declares an operation of STS. */
export function operation<Name extends OperationName>(name: Name, run: Operation<Name>['run']): Operation<Name> {
  return { name, run }
}
