// The only error whose text a client sees: a stable name, a public message, a private cause. Every other exception
// becomes InternalErrorException, without its text.
import type { DeclaredErrorName } from './contract/error-names.ts'

/**
 * Errors of the path (api/pipeline.ts), which any operation may answer with, and their reasons. The query protocol of
 * STS and IAM has other names for some (api/protocols/aws-query.ts).
 */
export const pathErrors = {
  UnknownOperationException: 'the request names no operation',
  NotImplementedException: 'the operation, or a part of it, is not implemented yet',
  TooManyRequestsException:
    'the address, the user or all clients together make too many calls, or the server has no room for a costly one',
  MissingAuthenticationTokenException: 'the operation is signed and the request is not',
  IncompleteSignatureException: 'the signature cannot be read',
  UnrecognizedClientException: 'the access key is unknown',
  InvalidSignatureException: 'the signature is wrong',
  ExpiredTokenException: 'the session of the signer has expired',
  SerializationException: 'the JSON body does not fit the contract',
  MalformedInput: 'the form does not fit the contract',
  AccessDeniedException: 'the policies of the signer do not allow the action',
  ServiceUnavailable: 'the database cannot do its work now; the status is 503',
  InternalErrorException: 'a fault of this server',
} as const

/** Errors of services that no contract declares (`undeclaredErrors` and `validationError` of service.ts). */
type UndeclaredErrorName =
  | 'AccessDenied'
  | 'InvalidParameterValue'
  | 'LambdaSocketTimeoutException'
  | 'ValidationError'
  | 'ValidationException'

export type ErrorName = DeclaredErrorName | keyof typeof pathErrors | UndeclaredErrorName

export class ApiError extends Error {
  override readonly name: ErrorName
  /** The HTTP status, when it differs from the one in the contract. */
  readonly status: number | undefined
  /** After how many seconds the same call may succeed, where that is known: the header Retry-After. */
  readonly retryAfter: number | undefined

  constructor(name: ErrorName, message: string, options?: { cause?: unknown; status?: number; retryAfter?: number }) {
    super(message, { cause: options?.cause })
    this.name = name
    this.status = options?.status
    this.retryAfter = options?.retryAfter
  }
}
