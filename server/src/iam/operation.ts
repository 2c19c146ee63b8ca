// Operations of IAM.
import type { Context } from '../context.ts'
import type { IamOperations } from '../contract/iam.types.ts'
import type { BaseRequest } from '../operation.ts'

/** Errors that the model leaves out of the lists of many operations and the service answers all the same. */
type CommonErrors =
  | 'ValidationError'
  | 'NoSuchEntityException'
  | 'InvalidInputException'
  | 'LimitExceededException'
  | 'ConcurrentModificationException'

export type OperationName = keyof IamOperations & string
export type OperationRequest<Name extends OperationName> = BaseRequest<IamOperations[Name], CommonErrors>

export interface Operation<Name extends OperationName = OperationName> {
  readonly name: Name
  readonly run: (context: Context, request: OperationRequest<Name>) => Promise<IamOperations[Name]['output']>
}

/** Declares an operation of IAM. */
export function operation<Name extends OperationName>(name: Name, run: Operation<Name>['run']): Operation<Name> {
  return { name, run }
}
