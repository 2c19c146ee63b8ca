// What an operation is: a name from the contract and a function from (context, request) to an output.
//
// The types come from the contract: a wrong name, an error that the service does not declare, or reading the principal
// in a user-token operation does not compile. The path in api/pipeline.ts has done everything that operations share
// before `run` starts, so `pool` and `client` are there when the input names them.

import type { UserPoolClient } from './cognito-idp/user-pool-clients/client-store.ts'
import type { UserPool } from './cognito-idp/user-pools/pool-store.ts'
import type { StoredUser } from './cognito-idp/users/user-store.ts'
import type { Context } from './context.ts'
import type { CognitoIdpOperations } from './contract/cognito-idp.types.ts'
import { ApiError } from './errors.ts'
import type { AccessTokenClaims } from './tokens/claims.ts'

/** Who signed a request. Everything about permissions of principals is in authorization/. */
export interface SignedCaller {
  kind: 'signed'
  arn: string
  accountId: string
  accessKeyId: string
}

/** A user, known by a valid access token. */
export interface UserCaller {
  kind: 'user'
  user: StoredUser
  claims: AccessTokenClaims
}

/** Nobody: the operation asks for no proof, or proves its caller itself (Session, code, refresh token). */
export interface AnonymousCaller {
  kind: 'anonymous'
}

export type AnyCaller = SignedCaller | UserCaller | AnonymousCaller

interface CallerByKind {
  signed: SignedCaller
  'user-token': UserCaller
  public: AnonymousCaller
  'token-or-session': UserCaller | AnonymousCaller
}

/** Errors that any operation may raise: they come from the path, and a few services leave them out of their lists. */
type CommonErrors =
  | 'InvalidParameterException'
  | 'InternalErrorException'
  | 'TooManyRequestsException'
  | 'ResourceNotFoundException'
  | 'NotAuthorizedException'

export type Fail<Errors extends string> = (name: Errors | CommonErrors, message: string) => ApiError

type Operations = CognitoIdpOperations
export type OperationName = keyof Operations & string
type InputOf<Name extends OperationName> = Operations[Name]['input']

export interface OperationRequest<Name extends OperationName> {
  input: InputOf<Name>
  caller: CallerByKind[Operations[Name]['caller']]
  /** The pool named by the input, its client or the caller's token. */
  pool: InputOf<Name> extends { UserPoolId: string } | { ClientId: string } | { AccessToken: string }
    ? UserPool
    : UserPool | undefined
  /** The app client named by the input (public operations) or by the caller's token. */
  client: InputOf<Name> extends { ClientId: string } | { AccessToken: string }
    ? UserPoolClient
    : UserPoolClient | undefined
  fail: Fail<Operations[Name]['errors']>
  /** Address of the peer, as the server saw it. */
  remoteAddress: string | undefined
}

export interface Operation<Name extends OperationName = OperationName> {
  readonly name: Name
  readonly run: (context: Context, request: OperationRequest<Name>) => Promise<Operations[Name]['output']>
}

/** Declares an operation of user pools. */
export function operation<Name extends OperationName>(name: Name, run: Operation<Name>['run']): Operation<Name> {
  return { name, run }
}

/** An operation whose name is not known to the compiler, as tables hold them. */
export interface AnyOperation {
  readonly name: string
  readonly run: (context: Context, request: never) => Promise<unknown>
}

/** The `fail` of every operation. */
export const fail: Fail<string> = (name, message) => new ApiError(name, message)
