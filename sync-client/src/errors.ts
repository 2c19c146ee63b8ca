// Errors that applications can tell apart by `code`.

/** What the service, the network or the storage said. `code` is the service's name of the error, or one of ours. */
export class SyncError extends Error {
  readonly code: string
  /** HTTP status; 0: no answer came. */
  readonly status: number
  constructor(code: string, message: string, status = 0, options?: ErrorOptions) {
    super(message, options)
    this.name = 'SyncError'
    this.code = code
    this.status = status
  }
}

/** A write that the service would never take. `key` names the record. */
export class LimitError extends SyncError {
  readonly key: string
  constructor(key: string, message: string) {
    super('LimitError', `${key}: ${message}`)
    this.key = key
  }
}

/** A value that the schema refuses. */
export class ValidationError extends SyncError {
  readonly key: string
  readonly issues: readonly { readonly message: string }[]
  constructor(key: string, issues: readonly { readonly message: string }[]) {
    super('ValidationError', `${key}: ${issues.map(({ message }) => message).join('; ')}`)
    this.key = key
    this.issues = issues
  }
}

/** No answer came, or one that says the service is busy: what was asked may have happened, and a later try may succeed. */
export const isTransient = (error: unknown): boolean =>
  !(error instanceof SyncError) || error.status === 0 || error.status >= 500 || error.status === 429
