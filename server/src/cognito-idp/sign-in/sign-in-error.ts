// What a refused sign-in answers, and its event: the answer may say less than the log.
import type { Context } from '../../context.ts'
import { ApiError } from '../../errors.ts'
import { signInRefused } from '../../events.ts'
import type { SignInRequest } from './sign-in.ts'
import type { SignInRefusal } from './user-state-rules.ts'

/** Notes a refusal and gives its error. `sub`: undefined when nobody has the name. */
export function signInError(
  context: Context,
  { pool, client }: Pick<SignInRequest, 'pool' | 'client'>,
  sub: string | undefined,
  { reason, refused, message }: SignInRefusal,
): ApiError {
  signInRefused(context, { pool: pool.id, client: client.clientId, sub, reason })
  return new ApiError(refused, message)
}
