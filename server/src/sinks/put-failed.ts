/** The error of a place that did not take records. `reason` is for the log and for developers; it quotes no record. */
export class PutFailed extends Error {
  readonly reason: string
  /** `later`: worth another try; `record`: this record is refused for good; `place`: every record is, until somebody mends it. */
  readonly refuses: 'later' | 'record' | 'place'
  constructor(reason: string, refuses: PutFailed['refuses']) {
    super(reason)
    this.reason = reason
    this.refuses = refuses
  }
}
