// Why a document or a response is refused. `refused` is for code, `detail` for the log and the administrator of
// the provider; neither contains personal data from an assertion.

export type SamlRefusal =
  /** Not base64, not UTF-8, not XML, or XML that is not accepted (DOCTYPE, comments, beyond a limit). */
  | 'malformed'
  /** XML, but not the expected message: missing or repeated parts, signatures or assertions in another place. */
  | 'wrong-shape'
  | 'bad-metadata'
  | 'metadata-expired'
  | 'not-signed'
  /** The signature is invalid, or covers another element than the one that would be used. */
  | 'bad-signature'
  /** An algorithm, transform or key that is not allowed. */
  | 'unsupported-algorithm'
  | 'encrypted-assertion'
  /** An assertion in the clear, of a provider that has to encrypt. */
  | 'not-encrypted'
  /** The ciphertext does not open, or what is in it is not signed by the provider: which of them is not told. */
  | 'bad-encryption'
  | 'status-not-success'
  | 'wrong-issuer'
  | 'wrong-audience'
  | 'wrong-recipient'
  /** It does not answer the request, or answers one where none was made. */
  | 'wrong-request'
  | 'not-yet-valid'
  | 'expired'

export interface Refused {
  refused: SamlRefusal
  detail: string
  /** Epoch milliseconds, where `expired`. */
  expiredAt?: number
}

export const refuse = (refused: SamlRefusal, detail: string): Refused => ({ refused, detail })

/** A refusal that nested steps throw; orRefused catches it, so it never leaves the folder. */
export class SamlError extends Error {
  readonly refused: SamlRefusal
  readonly expiredAt: number | undefined
  constructor(refused: SamlRefusal, detail: string, expiredAt?: number) {
    super(detail)
    this.refused = refused
    this.expiredAt = expiredAt
  }
}

/** The result of `step`, or the refusal that it threw. Any other error is a bug and is thrown on. */
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
