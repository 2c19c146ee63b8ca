// What an operation is: a name from the contract and a function from (context, request) to an output.
//
// Every service has an operation.ts of its own that gives its operations their types from the contract: a wrong name, an
// error that the service does not declare, or reading the principal in a user-token operation does not compile. The path
// in api/pipeline.ts has done everything that operations share before `run` starts.

import type { Principal } from './authorization/principal.ts'
import type { RequestFacts } from './authorization/request-facts.ts'
import type { AccessTokenClaims } from './cognito-idp/tokens/claims.ts'
import type { StoredUser } from './cognito-idp/users/user-store.ts'
import type { Context } from './context.ts'
import type { Caller } from './contract/service-model.ts'
import { ApiError, type ErrorName } from './errors.ts'

/** Who signed a request. What it may do is in authorization/. */
export interface SignedCaller {
  kind: 'signed'
  /** As GetCallerIdentity and denials show it. */
  arn: string
  accountId: string
  accessKeyId: string
  principal: Principal
  facts: RequestFacts
}

/** A user, known by a valid access token. */
export interface UserCaller {
  kind: 'user'
  user: StoredUser
  claims: AccessTokenClaims
}

/** Nobody: the operation asks for no proof, or proves its caller itself (Session, code, refresh token, login). */
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

export type Fail<Errors extends ErrorName> = (name: Errors, message: string) => ApiError

/** An operation as the generated tables of a service describe it. */
export interface OperationTypes {
  input: unknown
  output: unknown
  errors: ErrorName
  caller: Caller
}

/** What every operation gets; services add what their path has looked up. `Undeclared`: `undeclaredErrors` of the service. */
export interface BaseRequest<Types extends OperationTypes, Undeclared extends ErrorName = never> {
  input: Types['input']
  caller: CallerByKind[Types['caller']]
  fail: Fail<Types['errors'] | Undeclared>
  /** Address of the peer, as the server saw it. */
  remoteAddress: string | undefined
}

/** An operation whose name is not known to the compiler, as tables hold them. */
export interface AnyOperation {
  readonly name: string
  readonly run: (context: Context, request: never) => Promise<unknown>
}

/** The `fail` of every operation. */
export const fail: Fail<ErrorName> = (name, message) => new ApiError(name, message)
