// The one error that crosses a door: a stable name, a public message, a private cause. Everything else that is thrown
// becomes InternalErrorException at the door, without its text.
import type { DeclaredErrorName } from './contract/error-names.ts'

/** What the path refuses with itself (api/pipeline.ts), whatever the operation, and why. STS and IAM call some of these otherwise. */
export const pathErrors = {
  UnknownOperationException: 'the request names no operation',
  NotImplementedException: 'the operation, or a way through it, is not written yet',
  TooManyRequestsException: 'the address makes too many calls, or the queue of costly work is full',
  MissingAuthenticationTokenException: 'the operation is signed and the request is not',
  IncompleteSignatureException: 'the signature cannot be read',
  UnrecognizedClientException: 'nobody has the key that signed',
  InvalidSignatureException: 'the signature is wrong',
  ExpiredTokenException: 'the session that signed has ended',
  SerializationException: 'the body is no JSON input',
  MalformedInput: 'the form is no input',
  AccessDeniedException: 'the policies of who signed do not allow the action',
  InternalErrorException: 'something failed here',
} as const

/** Errors that services answer with and no contract declares (`undeclaredErrors` and `validationError` of service.ts). */
type UndeclaredErrorName = 'AccessDenied' | 'InvalidParameterValue' | 'ValidationError' | 'ValidationException'

export type ErrorName = DeclaredErrorName | keyof typeof pathErrors | UndeclaredErrorName

export class ApiError extends Error {
  override readonly name: ErrorName
  /** HTTP status when it is not the one that the contract declares. */
  readonly status: number | undefined

  constructor(name: ErrorName, message: string, options?: { cause?: unknown; status?: number }) {
    super(message, { cause: options?.cause })
    this.name = name
    this.status = options?.status
  }
}
