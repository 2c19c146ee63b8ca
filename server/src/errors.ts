// The one error that crosses a door: a stable name, a public message, a private cause. Everything else that is thrown
// becomes InternalErrorException at the door, without its text.

export class ApiError extends Error {
  override readonly name: string
  /** HTTP status when it is not the one that the contract declares. */
  readonly status: number | undefined

  constructor(name: string, message: string, options?: { cause?: unknown; status?: number }) {
    super(message, { cause: options?.cause })
    this.name = name
    this.status = options?.status
  }
}
