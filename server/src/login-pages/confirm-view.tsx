// The page that asks for the code of a sign-up.
import { autoVerified } from '../cognito-idp/users/verification-rules.ts'
import type { Context } from '../context.ts'
import type { AuthorizationRequest } from '../oauth/authorize/read-request.ts'
import type { PoolRequest } from '../oauth/endpoint.ts'
import { type AccountCode, sealAccountCode } from './account-code.ts'
import { NameField } from './fields.tsx'
import { Field, Form, Message, OtherSubmit, openFrame, PageLink, Submit, show } from './frame.tsx'
import { filled } from './languages.ts'
import { PENDING_FIELD } from './sign-in.tsx'

export interface ConfirmProps {
  /** Whose code; without it the page asks for the name, too. */
  readonly code?: AccountCode | undefined
  readonly typed?: string | undefined
  readonly message?: string | undefined
  readonly note?: string | undefined
  readonly status?: number
}

/** In a pool that sends no codes the page says who confirms instead. */
export function showConfirm(
  context: Context,
  request: PoolRequest,
  asked: AuthorizationRequest,
  { code, typed, message, note, status = message === undefined ? 200 : 400 }: ConfirmProps,
): Response {
  const frame = openFrame(request, asked.redirectUri)
  const { words } = frame.language
  const destination = code?.destination
  const sendsCodes = autoVerified(request.pool.settings).length > 0
  const about = destination === undefined ? words.confirmAbout : filled(words.codeSentTo, { destination })
  const body = (
    <>
      <h1>{words.confirmAccount}</h1>
      <p class="lead">{sendsCodes ? about : words.confirmByAdmin}</p>
      <Message text={message} />
      <Message text={note} kind="note" />
      {sendsCodes ? (
        <Form frame={frame} to="/confirm">
          {code === undefined ? (
            <NameField frame={frame} value={typed} />
          ) : (
            <input type="hidden" name={PENDING_FIELD} value={sealAccountCode(context, asked, code)} />
          )}
          <Field
            name="code"
            label={words.code}
            autocomplete="one-time-code"
            inputmode="numeric"
            class="code"
            autofocus={code !== undefined}
          />
          <Submit>{words.continue}</Submit>
          <OtherSubmit frame={frame} to="/resendcode">
            {words.sendNewCode}
          </OtherSubmit>
        </Form>
      ) : null}
      <p class="below">
        <PageLink frame={frame} to="/login">
          {words.back}
        </PageLink>
      </p>
    </>
  )
  return show(frame, { title: words.confirmAccount, body, status })
}
