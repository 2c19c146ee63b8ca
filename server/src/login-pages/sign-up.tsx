// GET and POST /signup (docs/reference/oauth-and-federation.md 2, 4.3, 4.4; docs/behaviour/sign-up.md). What is asked for is
// sign-up-form.ts; who has signed up confirms by a code (confirm.tsx) or is signed in.

import { registerUser } from '../cognito-idp/sign-up/register.ts'
import { fitsPassword, fitsUsername } from '../cognito-idp/typed-input.ts'
import { isEmail, isPhoneNumber } from '../cognito-idp/users/name-form-rules.ts'
import type { Context } from '../context.ts'
import { withAuthorizationRequest } from '../oauth/authorize/authorize.ts'
import type { AuthorizationRequest } from '../oauth/authorize/read-request.ts'
import type { Endpoint, PoolRequest } from '../oauth/endpoint.ts'
import { codeSentTo } from './account-code.ts'
import { type AccountProblem, attempt, newPasswordText, problemText } from './account-problem.ts'
import { showConfirm } from './confirm-view.tsx'
import { AttributeField, NameField, NewPasswordField } from './fields.tsx'
import { Form, isOwnPost, Message, openFrame, PageLink, Submit, show } from './frame.tsx'
import type { Words } from './languages/en.ts'
import { signInNewUser } from './new-user.ts'
import { isIncomplete, readSignUp, type SignUpForm, signUpForm, type TypedSignUp } from './sign-up-form.ts'
import { DocumentLinks, findDocuments } from './terms.tsx'

export const signUpPage: Endpoint = {
  answer: (context, request) =>
    withAuthorizationRequest(context, request, (asked) =>
      showSignUp(context, request, asked, signUpForm(request.pool.settings, asked.client.settings)),
    ),
}

export const postSignUp: Endpoint = {
  category: 'UserCreation',
  costly: true,
  answer: (context, request) =>
    withAuthorizationRequest(context, request, async (asked) => {
      const form = signUpForm(request.pool.settings, asked.client.settings)
      if (!form) return showSignUp(context, request, asked, form)
      const { words } = openFrame(request).language
      const typed = readSignUp(request.pool.settings, form, request.form)
      const again = (message: string, status?: number): Promise<Response> =>
        showSignUp(context, request, asked, form, { typed, message, ...(status !== undefined && { status }) })
      if (!isOwnPost(request)) return again(words.formExpired, 403)
      const problem = formProblem(form, typed)
      if (problem !== undefined) return again(words[problem])
      const { remoteAddress, source } = request
      const tried = await attempt(request, 'SignUp', () =>
        registerUser(context, { ...asked, remoteAddress, source }, inputOf(form, typed)),
      )
      if ('problem' in tried) return again(signUpText(words, request, tried.problem, typed))
      const { user, confirmed, details } = tried.done
      if (confirmed) return signInNewUser(context, request, asked, user)
      const code = details === undefined ? { username: typed.username } : codeSentTo(typed.username, details)
      return showConfirm(context, request, asked, { code })
    }),
}

/** What is wrong before anybody is asked: these have words in every language, the rules of the API have not. */
function formProblem(form: SignUpForm, typed: TypedSignUp): keyof Words | undefined {
  if (isIncomplete(form, typed)) return 'missing'
  if (!fitsUsername(typed.username)) return 'badUsername'
  if (form.asksPassword && !fitsPassword(typed.password)) return 'passwordForm'
  const { email, phone_number: number } = typed.attributes
  if (email && !isEmail(email)) return 'notAnEmail'
  return number && !isPhoneNumber(number) ? 'notAPhone' : undefined
}

const inputOf = (form: SignUpForm, { username, password, attributes }: TypedSignUp) => ({
  Username: username,
  ...(form.asksPassword && { Password: password }),
  UserAttributes: Object.entries(attributes).flatMap(([Name, Value]) => (Value === '' ? [] : [{ Name, Value }])),
})

const signUpText = (words: Words, request: PoolRequest, problem: AccountProblem, { password }: TypedSignUp): string =>
  problem.name === 'InvalidPasswordException' ? newPasswordText(words, request, password) : problemText(words, problem)

interface SignUpProps {
  readonly typed?: TypedSignUp
  readonly message?: string
  readonly status?: number
}

/** Without a form: the page that says so. Passwords are never put into a page. */
async function showSignUp(
  context: Context,
  request: PoolRequest,
  asked: AuthorizationRequest,
  form: SignUpForm | undefined,
  { typed, message, status = message === undefined ? 200 : 400 }: SignUpProps = {},
): Promise<Response> {
  const frame = openFrame(request, asked.redirectUri)
  const { words } = frame.language
  const documents = form && (await findDocuments(context, asked))
  const body = (
    <>
      <h1>{words.createAccountTitle}</h1>
      <Message text={message} />
      {form === undefined ? (
        <p class="lead">{words.noSignUp}</p>
      ) : (
        <Form frame={frame} to="/signup">
          <NameField frame={frame} value={typed?.username ?? asked.loginHint} />
          {form.attributes.map(({ name, required }) => (
            <AttributeField frame={frame} name={name} value={typed?.attributes[name]} required={required} />
          ))}
          {form.asksPassword ? (
            <NewPasswordField
              frame={frame}
              name="password"
              label={words.password}
              autofocus={typed !== undefined && typed.username !== ''}
            />
          ) : null}
          <Submit>{words.createAccount}</Submit>
          <DocumentLinks frame={frame} documents={documents} />
        </Form>
      )}
      <p class="below">
        {words.haveAccount}{' '}
        <PageLink frame={frame} to="/login">
          {words.signIn}
        </PageLink>
      </p>
    </>
  )
  return show(frame, { title: words.createAccountTitle, body, status })
}
