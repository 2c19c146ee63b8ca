// The types of an operation: a name from the contract and a function from (context, request) to an output.
//
// Every service has an operation.ts of its own that gives its operations their types from the contract: a wrong name, an
// error that the service does not declare, or reading the principal in a user-token operation does not compile. All
// that operations share (authentication, authorization, validation) is done in api/pipeline.ts before `run` starts.

import type { Principal } from './authorization/principal.ts'
import type { RequestFacts } from './authorization/request-facts.ts'
import type { AccessTokenClaims } from './cognito-idp/tokens/claims.ts'
import type { StoredUser } from './cognito-idp/users/user-store.ts'
import type { Context } from './context.ts'
import type { Caller } from './contract/service-model.ts'
import { ApiError, type ErrorName } from './errors.ts'

/** The caller of a signed request. Its permissions are evaluated in authorization/. */
export interface SignedCaller {
  kind: 'signed'
  /** The ARN that GetCallerIdentity and AccessDenied messages show. */
  arn: string
  accountId: string
  accessKeyId: string
  /** The region that the signature names. */
  region: string
  principal: Principal
  facts: RequestFacts
}

/** A user with a valid access token. */
export interface UserCaller {
  kind: 'user'
  user: StoredUser
  claims: AccessTokenClaims
}

/**
 * An unauthenticated caller: the operation needs no proof, or checks one itself (Session, code, refresh token, login).
 */
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

/**
 * The request that every operation gets; services add what they look up. `Undeclared`: `undeclaredErrors` of the
 * service.
 */
export interface BaseRequest<Types extends OperationTypes, Undeclared extends ErrorName = never> {
  input: Types['input']
  caller: CallerByKind[Types['caller']]
  fail: Fail<Types['errors'] | Undeclared>
  /** The client's address (http/client-address.ts). */
  remoteAddress: string | undefined
  /** The header User-Agent. */
  userAgent: string | undefined
}

/** Any operation, for tables of operations: its name and types are not known to the compiler. */
export interface AnyOperation {
  readonly name: string
  readonly run: (context: Context, request: never) => Promise<unknown>
}

/** The `fail` of every operation. */
export const fail: Fail<ErrorName> = (name, message) => new ApiError(name, message)
