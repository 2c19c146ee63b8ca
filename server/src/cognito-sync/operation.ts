// Operations of Cognito Sync, which get the pool that the input names (identify.ts).
import type { IdentityPool } from '../cognito-identity/identity-pools/pool-store.ts'
import type { Context } from '../context.ts'
import type { CognitoSyncOperations } from '../contract/cognito-sync.types.ts'
import type { BaseRequest } from '../operation.ts'

type Operations = CognitoSyncOperations
export type OperationName = keyof Operations & string

export interface OperationRequest<Name extends OperationName> extends BaseRequest<Operations[Name]> {
  /** The pool that the input names; undefined, if it is unknown, only for operations that do not declare an error for that. */
  pool: 'ResourceNotFoundException' extends Operations[Name]['errors'] ? IdentityPool : IdentityPool | undefined
  /** The identity whose credentials signed the call; undefined for those of a developer. */
  identity: SigningIdentity | undefined
}

/** An identity as the session of its credentials names it. */
export interface SigningIdentity {
  readonly id: string
  readonly poolId: string
}

export interface Operation<Name extends OperationName = OperationName> {
  readonly name: Name
  readonly run: (context: Context, request: OperationRequest<Name>) => Promise<Operations[Name]['output']>
}

/** Declares an operation of Cognito Sync. */
export function operation<Name extends OperationName>(name: Name, run: Operation<Name>['run']): Operation<Name> {
  return { name, run }
}
