// GET and POST /confirm, POST /resendcode: the code of a sign-up (docs/reference/oauth-and-federation.md 4.4; docs/behaviour/sign-up.md).
// Who has it is signed in.

import { confirmUser } from '../cognito-idp/sign-up/confirm-user.ts'
import { ALREADY_CONFIRMED, resendCode } from '../cognito-idp/sign-up/resend-code.ts'
import { fitsCode, fitsUsername } from '../cognito-idp/typed-input.ts'
import { withAuthorizationRequest } from '../oauth/authorize/authorize.ts'
import type { Endpoint } from '../oauth/endpoint.ts'
import { codeSentTo, openAccountCode } from './account-code.ts'
import { attempt, problemText } from './account-problem.ts'
import { type ConfirmProps, showConfirm } from './confirm-view.tsx'
import { isOwnPost, openFrame } from './frame.tsx'
import { showLogin } from './login.tsx'
import { signInNewUser } from './new-user.ts'

export const confirmPage: Endpoint = {
  answer: (context, request) =>
    withAuthorizationRequest(context, request, (asked) =>
      showConfirm(context, request, asked, { typed: asked.loginHint }),
    ),
}

export const postConfirm: Endpoint = {
  category: 'UserCreation',
  costly: true,
  answer: (context, request) =>
    withAuthorizationRequest(context, request, async (asked) => {
      const { sealed, username } = openAccountCode(context, asked, request)
      const { words } = openFrame(request).language
      const again = (props: ConfirmProps): Response =>
        showConfirm(context, request, asked, { code: sealed, typed: username, ...props })
      if (!isOwnPost(request)) return again({ message: words.formExpired, status: 403 })
      const ConfirmationCode = typedCode(request.form.get('code'))
      if (username === '' || ConfirmationCode === '') return again({ message: words.missing })
      if (!fitsUsername(username)) return again({ message: words.badUsername })
      if (!fitsCode(ConfirmationCode)) return again({ message: words.wrongCode })
      const tried = await attempt(request, 'ConfirmSignUp', () =>
        confirmUser(
          context,
          { ...asked, remoteAddress: request.remoteAddress },
          { Username: username, ConfirmationCode },
        ),
      )
      if ('done' in tried) return signInNewUser(context, request, asked, tried.done)
      // The user is confirmed, by an administrator or in another tab.
      if (tried.problem.name === 'NotAuthorizedException')
        return showLogin(context, request, asked, { typed: username, note: words.alreadyConfirmed })
      return again({ message: problemText(words, tried.problem) })
    }),
}

export const postResendCode: Endpoint = {
  category: 'UserAccountRecovery',
  answer: (context, request) =>
    withAuthorizationRequest(context, request, async (asked) => {
      const { sealed, username } = openAccountCode(context, asked, request)
      const { words } = openFrame(request).language
      const again = (props: ConfirmProps): Response =>
        showConfirm(context, request, asked, { code: sealed, typed: username, ...props })
      if (!isOwnPost(request)) return again({ message: words.formExpired, status: 403 })
      if (username === '') return again({ message: words.missing })
      if (!fitsUsername(username)) return again({ message: words.badUsername })
      const { remoteAddress, source } = request
      const tried = await attempt(request, 'ResendConfirmationCode', () =>
        resendCode(context, { ...asked, remoteAddress, source }, { Username: username }),
      )
      if ('done' in tried) return again({ code: codeSentTo(username, tried.done), note: words.newMessageSent })
      if (tried.problem.message === ALREADY_CONFIRMED)
        return showLogin(context, request, asked, { typed: username, note: words.alreadyConfirmed })
      return again({ message: problemText(words, tried.problem) })
    }),
}

/** A code as it was typed, without blanks. */
export const typedCode = (text: string | undefined): string => (text ?? '').replace(/\s/g, '')
