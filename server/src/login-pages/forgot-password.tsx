// GET and POST /forgotPassword and /confirmforgotPassword (docs/reference/oauth-and-federation.md 4.4; user-pools.md 3.4, 7.2). Who
// has set a new password signs in with it, as a second factor may be asked for.

import { resetPassword } from '../cognito-idp/sign-up/reset-password.ts'
import { sendResetCode } from '../cognito-idp/sign-up/send-reset-code.ts'
import { fitsCode, fitsPassword, fitsUsername } from '../cognito-idp/typed-input.ts'
import { withAuthorizationRequest } from '../oauth/authorize/authorize.ts'
import type { Endpoint } from '../oauth/endpoint.ts'
import { codeSentTo, openAccountCode } from './account-code.ts'
import { attempt, newPasswordText, problemText } from './account-problem.ts'
import { typedCode } from './confirm.tsx'
import { type ForgotProps, type ResetProps, showForgot, showReset } from './forgot-password-view.tsx'
import { isOwnPost, openFrame } from './frame.tsx'
import { showLogin } from './login.tsx'

export const forgotPasswordPage: Endpoint = {
  answer: (context, request) =>
    withAuthorizationRequest(context, request, (asked) => showForgot(request, asked, { typed: asked.loginHint })),
}

export const postForgotPassword: Endpoint = {
  category: 'UserAccountRecovery',
  answer: (context, request) =>
    withAuthorizationRequest(context, request, async (asked) => {
      const { username } = openAccountCode(context, asked, request)
      const { words } = openFrame(request).language
      const again = (props: ForgotProps): Response => showForgot(request, asked, { typed: username, ...props })
      if (!isOwnPost(request)) return again({ message: words.formExpired, status: 403 })
      if (username === '') return again({ message: words.missing })
      if (!fitsUsername(username)) return again({ message: words.badUsername })
      const { remoteAddress, source } = request
      const tried = await attempt(request, 'ForgotPassword', () =>
        sendResetCode(context, { ...asked, remoteAddress, source }, { Username: username }),
      )
      if ('done' in tried) return showReset(context, request, asked, { code: codeSentTo(username, tried.done) })
      return again({ message: problemText(words, tried.problem) })
    }),
}

/** For who has a code already, such as from an administrator's reset. */
export const resetPage: Endpoint = {
  answer: (context, request) =>
    withAuthorizationRequest(context, request, (asked) =>
      showReset(context, request, asked, { typed: asked.loginHint }),
    ),
}

export const postReset: Endpoint = {
  category: 'UserAccountRecovery',
  costly: true,
  answer: (context, request) =>
    withAuthorizationRequest(context, request, async (asked) => {
      const { sealed, username } = openAccountCode(context, asked, request)
      const { words } = openFrame(request).language
      const again = (props: ResetProps): Response =>
        showReset(context, request, asked, { code: sealed, typed: username, ...props })
      if (!isOwnPost(request)) return again({ message: words.formExpired, status: 403 })
      const ConfirmationCode = typedCode(request.form.get('code'))
      const Password = request.form.get('password') ?? ''
      if (username === '' || ConfirmationCode === '' || Password === '') return again({ message: words.missing })
      if (!fitsUsername(username)) return again({ message: words.badUsername })
      if (!fitsPassword(Password)) return again({ message: words.passwordForm })
      if (!fitsCode(ConfirmationCode)) return again({ message: words.wrongCode })
      const { remoteAddress, source } = request
      const input = { Username: username, ConfirmationCode, Password }
      const tried = await attempt(request, 'ConfirmForgotPassword', () =>
        resetPassword(context, { ...asked, remoteAddress, source }, input),
      )
      if ('done' in tried) return showLogin(context, request, asked, { typed: username, note: words.passwordSet })
      const isWeak = tried.problem.name === 'InvalidPasswordException'
      return again({
        message: isWeak ? newPasswordText(words, request, Password) : problemText(words, tried.problem),
      })
    }),
}
