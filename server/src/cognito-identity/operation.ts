// Operations of identity pools, which get the pool that the input names (identify.ts).
import type { Context } from '../context.ts'
import type { CognitoIdentityOperations } from '../contract/cognito-identity.types.ts'
import type { BaseRequest } from '../operation.ts'
import type { IdentityPool } from './identity-pools/pool-store.ts'

type Operations = CognitoIdentityOperations
export type OperationName = keyof Operations & string

export interface OperationRequest<Name extends OperationName> extends BaseRequest<Operations[Name]> {
  /** The pool named by `IdentityPoolId`. */
  pool: Operations[Name]['input'] extends { IdentityPoolId: string } ? IdentityPool : undefined
}

export interface Operation<Name extends OperationName = OperationName> {
  readonly name: Name
  readonly run: (context: Context, request: OperationRequest<Name>) => Promise<Operations[Name]['output']>
}

/** Declares an operation of identity pools. */
export function operation<Name extends OperationName>(name: Name, run: Operation<Name>['run']): Operation<Name> {
  return { name, run }
}
