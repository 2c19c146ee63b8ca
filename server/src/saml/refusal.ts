// Why a document or a response is refused. `refused` is for code, `detail` for the log and for whoever set up the
// provider; neither holds what a user's assertion says about him.

export type SamlRefusal =
  /** Not base64, not UTF-8, not XML, or XML that has no place here (DOCTYPE, comments, too much of anything). */
  | 'malformed'
  /** XML, but not the message that it should be: missing or repeated parts, signatures or assertions out of place. */
  | 'wrong-shape'
  | 'bad-metadata'
  | 'metadata-expired'
  | 'not-signed'
  /** The signature is no good, or stands over something else than what would be used. */
  | 'bad-signature'
  /** An algorithm, transform or key that is not allowed. */
  | 'unsupported-algorithm'
  | 'encrypted-assertion'
  | 'status-not-success'
  | 'wrong-issuer'
  | 'wrong-audience'
  | 'wrong-recipient'
  | 'not-yet-valid'
  | 'expired'

export interface Refused {
  refused: SamlRefusal
  detail: string
  /** Epoch milliseconds, where `expired`. */
  expiredAt?: number
}

export const refuse = (refused: SamlRefusal, detail: string): Refused => ({ refused, detail })

/** Carries a refusal out of nested steps; never leaves the folder. */
export class SamlError extends Error {
  readonly refused: SamlRefusal
  readonly expiredAt: number | undefined
  constructor(refused: SamlRefusal, detail: string, expiredAt?: number) {
    super(detail)
    this.refused = refused
    this.expiredAt = expiredAt
  }
}

/** What `step` returns, or the refusal that it threw. Any other error is a mistake of ours and goes on. */
export async function orRefused<Value>(step: () => Promise<Value>): Promise<Value | Refused> {
  try {
    return await step()
  } catch (error) {
    if (error instanceof SamlError) {
      const { refused, message, expiredAt } = error
      return { ...refuse(refused, message), ...(expiredAt !== undefined && { expiredAt }) }
    }
    throw error
  }
}
