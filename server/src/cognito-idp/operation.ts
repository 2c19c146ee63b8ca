// The type of operations of user pools: besides the input they get the pool and app client found by identify.ts.
import type { Context } from '../context.ts'
import type { CognitoIdpOperations } from '../contract/cognito-idp.types.ts'
import type { BaseRequest } from '../operation.ts'
import type { UserPoolClient } from './user-pool-clients/client-store.ts'
import type { UserPool } from './user-pools/pool-store.ts'

type Operations = CognitoIdpOperations
export type OperationName = keyof Operations & string
type InputOf<Name extends OperationName> = Operations[Name]['input']

export interface OperationRequest<Name extends OperationName> extends BaseRequest<Operations[Name]> {
  /** The pool named by the input, its client or the caller's token. */
  pool: InputOf<Name> extends { UserPoolId: string } | { ClientId: string } ? UserPool : Named<Name, UserPool>
  /** The app client named by the input (public operations) or by the caller's token. */
  client: InputOf<Name> extends { ClientId: string } ? UserPoolClient : Named<Name, UserPoolClient>
}

/** What an access token names: always there where the operation asks for one, also where its input calls it optional. */
type Named<Name extends OperationName, Resource> = Operations[Name]['caller'] extends 'user-token'
  ? Resource
  : Resource | undefined

export interface Operation<Name extends OperationName = OperationName> {
  readonly name: Name
  readonly run: (context: Context, request: OperationRequest<Name>) => Promise<Operations[Name]['output']>
}

/** Declares an operation of user pools. */
export function operation<Name extends OperationName>(name: Name, run: Operation<Name>['run']): Operation<Name> {
  return { name, run }
}
