// The pages of a forgotten password: the name to send a code to, then the code and a new password.
import { recoveryOrder } from '../cognito-idp/sign-up/recovery-rules.ts'
import type { Context } from '../context.ts'
import type { AuthorizationRequest } from '../oauth/authorize/read-request.ts'
import type { PoolRequest } from '../oauth/endpoint.ts'
import { type AccountCode, sealAccountCode } from './account-code.ts'
import { NameField, NewPasswordField } from './fields.tsx'
import { BackToSignIn, Field, Form, Message, OtherSubmit, openFrame, PageLink, Submit, show } from './frame.tsx'
import { filled } from './languages.ts'
import { PENDING_FIELD } from './sign-in.tsx'

export interface ForgotProps {
  readonly typed?: string | undefined
  readonly message?: string | undefined
  readonly status?: number
}

/** In a pool where administrators alone reset passwords the page says so. */
export function showForgot(
  request: PoolRequest,
  asked: AuthorizationRequest,
  { typed, message, status = message === undefined ? 200 : 400 }: ForgotProps,
): Response {
  const frame = openFrame(request, asked.redirectUri)
  const { words } = frame.language
  const sendsCodes = recoveryOrder(request.pool.settings).length > 0
  const body = (
    <>
      <h1>{words.resetPassword}</h1>
      <p class="lead">{sendsCodes ? words.resetAbout : words.resetByAdmin}</p>
      <Message text={message} />
      {sendsCodes ? (
        <Form frame={frame} to="/forgotPassword">
          <NameField frame={frame} value={typed} />
          <Submit>{words.continue}</Submit>
        </Form>
      ) : null}
      {sendsCodes ? (
        <p class="below">
          <PageLink frame={frame} to="/confirmforgotPassword">
            {words.haveCode}
          </PageLink>
        </p>
      ) : null}
      <BackToSignIn frame={frame} />
    </>
  )
  return show(frame, { title: words.resetPassword, body, status, graphic: 'PASSWORD_GRAPHIC' })
}

export interface ResetProps extends ForgotProps {
  /** Whose code; without it the page asks for the name, too. */
  readonly code?: AccountCode | undefined
}

export function showReset(
  context: Context,
  request: PoolRequest,
  asked: AuthorizationRequest,
  { code, typed, message, status = message === undefined ? 200 : 400 }: ResetProps,
): Response {
  const frame = openFrame(request, asked.redirectUri)
  const { words } = frame.language
  const destination = code?.destination
  const body = (
    <>
      <h1>{words.resetPassword}</h1>
      <p class="lead">{destination === undefined ? words.resetCodeAbout : filled(words.codeSentTo, { destination })}</p>
      <Message text={message} />
      <Form frame={frame} to="/confirmforgotPassword">
        {code === undefined ? (
          <NameField frame={frame} value={typed} />
        ) : (
          <>
            <input type="hidden" name={PENDING_FIELD} value={sealAccountCode(context, asked, code)} />
            {/* For password managers: whose password it is. */}
            <input type="text" name="username" value={code.username} autocomplete="username" hidden />
          </>
        )}
        <Field
          name="code"
          label={words.code}
          autocomplete="one-time-code"
          inputmode="numeric"
          class="code"
          autofocus={code !== undefined}
        />
        <NewPasswordField frame={frame} name="password" label={words.newPassword} />
        <Submit>{words.setPassword}</Submit>
        <OtherSubmit frame={frame} to="/forgotPassword">
          {words.sendNewCode}
        </OtherSubmit>
      </Form>
      <BackToSignIn frame={frame} />
    </>
  )
  return show(frame, { title: words.resetPassword, body, status, graphic: 'PASSWORD_GRAPHIC' })
}
