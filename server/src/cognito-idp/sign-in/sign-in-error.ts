// The error of a refused sign-in, and its event: the event tells the operator the reason, which the error may hide.
import type { Context } from '../../context.ts'
import { ApiError } from '../../errors.ts'
import { signInRefused } from '../../events.ts'
import type { SignInRequest } from './sign-in.ts'
import type { SignInRefusal } from './user-state-rules.ts'

/** Records a refusal as an event and returns its error. `sub` is undefined for an unknown user. */
export function signInError(
  context: Context,
  { pool, client }: Pick<SignInRequest, 'pool' | 'client'>,
  sub: string | undefined,
  { reason, refused, message }: SignInRefusal,
): ApiError {
  signInRefused(context, { pool: pool.id, client: client.clientId, sub, reason })
  return new ApiError(refused, message)
}
