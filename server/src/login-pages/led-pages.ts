// The pages that a refused sign-in leads to, where the user can do something about it.
import type { Context } from '../context.ts'
import type { SignInRefusalReason } from '../events.ts'
import type { AuthorizationRequest } from '../oauth/authorize/read-request.ts'
import type { PoolRequest } from '../oauth/endpoint.ts'
import { showConfirm } from './confirm-view.tsx'
import { showForgot } from './forgot-password-view.tsx'
import { isHidden } from './refusal-words.ts'

/** The page for a reason, with the name that was typed and what the sign-in page would say; undefined for other reasons. */
export function ledPage(
  context: Context,
  request: PoolRequest,
  asked: AuthorizationRequest,
  reason: SignInRefusalReason,
  { username, message }: { username: string | undefined; message: string },
): Response | undefined {
  if (username === undefined || isHidden(asked.client.settings, reason)) return undefined
  switch (reason) {
    case 'unconfirmed':
      return showConfirm(context, request, asked, { code: { username }, message })
    case 'reset-required':
    case 'compromised-password':
      return showForgot(request, asked, { typed: username, message })
    default:
      return undefined
  }
}
