// Operations of IAM.
import type { Context } from '../context.ts'
import type { IamOperations } from '../contract/iam.types.ts'
import type { BaseRequest } from '../operation.ts'
import type { undeclaredErrors } from './undeclared-errors.ts'

export type OperationName = keyof IamOperations & string
export type OperationRequest<Name extends OperationName> = BaseRequest<
  IamOperations[Name],
  keyof typeof undeclaredErrors
>

export interface Operation<Name extends OperationName = OperationName> {
  readonly name: Name
  readonly run: (context: Context, request: OperationRequest<Name>) => Promise<IamOperations[Name]['output']>
}

/** Declares an operation of IAM. */
export function operation<Name extends OperationName>(name: Name, run: Operation<Name>['run']): Operation<Name> {
  return { name, run }
}
