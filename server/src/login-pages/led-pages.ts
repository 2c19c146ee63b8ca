// The pages that a refused sign-in leads to, where the user can do something about it.
import type { Context } from '../context.ts'
import type { SignInRefusalReason } from '../events.ts'
import type { AuthorizationRequest } from '../oauth/authorize/read-request.ts'
import type { PoolRequest } from '../oauth/endpoint.ts'
import { showConfirm } from './confirm-view.tsx'
import { showForgot } from './forgot-password-view.tsx'
import { tidyName } from './name-rules.ts'
import { isHidden } from './refusal-words.ts'

/** The page for a reason, with what the sign-in page would say; undefined for reasons that lead nowhere else. */
export function ledPage(
  context: Context,
  request: PoolRequest,
  asked: AuthorizationRequest,
  reason: SignInRefusalReason,
  message: string,
): Response | undefined {
  const username = tidyName(request.form.get('username'))
  if (username === '' || isHidden(asked.client.settings, reason)) return undefined
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
