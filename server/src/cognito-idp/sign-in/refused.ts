// How a step of a sign-in says no: with a reason. Each door words it for its callers, the API in api-words.ts.
import type { SignInRefusalReason } from '../../events.ts'

/** Ends a step, also from within a transaction. */
export class SignInRefused extends Error {
  readonly reason: SignInRefusalReason
  /** The user's sub; undefined for a name that belongs to nobody, or when a session does not tell. */
  readonly sub: string | undefined
  /** The user's name, where whoever refuses has it. */
  readonly username: string | undefined
  /** `who`: the user, or the user's sub. */
  constructor(reason: SignInRefusalReason, who?: string | { readonly sub: string; readonly username: string }) {
    super(`sign-in refused: ${reason}`)
    this.reason = reason
    this.sub = typeof who === 'string' ? who : who?.sub
    this.username = typeof who === 'string' ? undefined : who?.username
  }
}
