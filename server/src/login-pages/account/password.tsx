// GET and POST /account/password: a new password, and the end of every other session where the user wants it.
import { changeOwnPassword } from '../../cognito-idp/profile/change-own-password.ts'
import { fitsPassword } from '../../cognito-idp/typed-input.ts'
import { ApiError } from '../../errors.ts'
import type { PoolRequest } from '../../oauth/endpoint.ts'
import { ACCOUNT_PAGE } from '../../oauth/own-pages.ts'
import { attempt, newPasswordText, problemText } from '../account-problem.ts'
import { NewPasswordField } from '../fields.tsx'
import { Field, Form, openFrame, Submit } from '../frame.tsx'
import { type Account, forAccount, stayingSignedIn } from './account.ts'
import { accountPage, foreignForm, type Said } from './parts.tsx'

const PASSWORD_PAGE = `${ACCOUNT_PAGE}/password`

export const passwordPage = forAccount({
  fresh: true,
  answer: (_context, request, account) => showForm(request, account),
})

export const postPassword = forAccount({
  fresh: true,
  costly: true,
  category: 'UserAccountRecovery',
  answer: async (context, request, account) => {
    const { form, source } = request
    const { words } = openFrame(request).language
    const refuse = (message: string): Response => showForm(request, account, { message })
    const foreign = foreignForm(request)
    if (foreign) return showForm(request, account, foreign)
    if (account.user.status === 'EXTERNAL_PROVIDER') return refuse(words.passwordElsewhere)
    const previous = hasPassword(account) ? form.get('previous') : undefined
    const proposed = form.get('password')
    if (!proposed || (hasPassword(account) && !previous)) return refuse(words.missing)
    if (!fitsPassword(proposed)) return refuse(words.passwordForm)
    if (previous !== undefined && !fitsPassword(previous)) return refuse(words.wrongCurrent)
    const signOut = form.get('everywhere') !== undefined
    const tried = await attempt(request, 'ChangePassword', () =>
      changeOwnPassword(context, account, account.user, { previous, proposed, signOut, source }),
    )
    if ('problem' in tried) {
      const { problem } = tried
      const isWeak = problem instanceof ApiError && problem.name === 'InvalidPasswordException'
      if (isWeak) return refuse(newPasswordText(words, request, proposed))
      const isWrong = problem instanceof ApiError && problem.name === 'NotAuthorizedException'
      return refuse(isWrong ? words.wrongCurrent : problemText(words, problem))
    }
    return stayingSignedIn(context, request, account, tried.done, async (now) =>
      showForm(request, now, { note: 'passwordChanged' }),
    )
  },
})

const hasPassword = ({ user }: Account): boolean => user.credential !== ''

function showForm(request: PoolRequest, account: Account, said: Said = {}): Response {
  return accountPage(request, {
    title: hasPassword(account) ? 'changePassword' : 'setPassword',
    said,
    body: (frame) => {
      const { words } = frame.language
      return (
        <Form frame={frame} to={PASSWORD_PAGE}>
          {hasPassword(account) ? (
            <Field
              name="previous"
              label={words.currentPassword}
              type="password"
              autocomplete="current-password"
              autofocus={said.note === undefined}
            />
          ) : null}
          <NewPasswordField frame={frame} name="password" label={words.newPassword} />
          <label class="check">
            <input type="checkbox" name="everywhere" value="yes" />
            {words.signOutOthers}
          </label>
          <Submit>{hasPassword(account) ? words.changePassword : words.setPassword}</Submit>
        </Form>
      )
    },
  })
}
