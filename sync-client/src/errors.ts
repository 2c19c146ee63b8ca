// Errors that applications can tell apart by `code`.

interface Details extends ErrorOptions {
  readonly status?: number
  readonly key?: string
  readonly issues?: readonly { readonly message: string }[]
}

/**
 * What the service, the network or the storage said, or why a write is not taken. `code`: the service's name of the error, or
 * NetworkError, StorageError; LimitError, the service would never take it; ValidationError, the schema refuses it;
 * ApplicationError, a function that the application gave has thrown.
 */
export class SyncError extends Error {
  declare readonly code: string
  /** HTTP status; 0: no answer came. */
  declare readonly status: number
  /** Of a LimitError and a ValidationError. */
  declare readonly key: string | undefined
  declare readonly issues: Details['issues']
  constructor(code: string, message: string, { status = 0, key, issues, cause }: Details = {}) {
    super(message, { cause })
    Object.assign(this, { name: code, code, status, key, issues })
  }
}

/** What is under way is for somebody who has signed out, or in, meanwhile. */
export const identityChanged = (): SyncError => new SyncError('IdentityChanged', 'The identity is another one now.')

/** No answer came, or one that says the service is busy: what was asked may have happened, and a later try may succeed. */
export const isTransient = (error: unknown): boolean =>
  !(error instanceof SyncError) || error.status === 0 || error.status >= 500 || error.status === 429
