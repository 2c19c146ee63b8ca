// The page that asks for the code of a sign-up.
import { confirmsByLink } from '../cognito-idp/codes/confirmation-link.ts'
import { autoVerified } from '../cognito-idp/users/verification-rules.ts'
import type { Context } from '../context.ts'
import type { AuthorizationRequest } from '../oauth/authorize/read-request.ts'
import type { PoolRequest } from '../oauth/endpoint.ts'
import { type AccountCode, sealAccountCode } from './account-code.ts'
import { NameField } from './fields.tsx'
import { BackToSignIn, Field, Form, type Frame, Message, OtherSubmit, openFrame, Submit, show } from './frame.tsx'
import type { Words } from './languages/en.ts'
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

/** In a pool that sends no codes the page says who confirms instead, where there is a link it asks for none. */
export function showConfirm(
  context: Context,
  request: PoolRequest,
  asked: AuthorizationRequest,
  { code, typed, message, note, status = message === undefined ? 200 : 400 }: ConfirmProps,
): Response {
  const frame = openFrame(request, asked.redirectUri)
  const { words } = frame.language
  const way = wayToConfirm(request, code)
  const about = texts[way][code?.destination === undefined ? 'about' : 'sent']
  const body = (
    <>
      <h1>{words.confirmAccount}</h1>
      <p class="lead">{filled(words[about], { destination: code?.destination ?? '' })}</p>
      <Message text={message} />
      <Message text={note} kind="note" />
      {way === 'admin' ? null : (
        <Form frame={frame} to={way === 'code' ? '/confirm' : '/resendcode'}>
          {code === undefined ? (
            <NameField frame={frame} value={typed} />
          ) : (
            <input type="hidden" name={PENDING_FIELD} value={sealAccountCode(context, asked, code)} />
          )}
          {way === 'code' ? <CodeField frame={frame} first={code !== undefined} /> : null}
          <OtherSubmit frame={frame} to="/resendcode">
            {way === 'code' ? words.sendNewCode : words.sendNewLink}
          </OtherSubmit>
        </Form>
      )}
      <BackToSignIn frame={frame} />
    </>
  )
  return show(frame, { title: words.confirmAccount, body, status })
}

type Way = 'code' | 'link' | 'admin'

/** `sent`: where the destination is known. */
const texts: Readonly<Record<Way, Record<'about' | 'sent', keyof Words>>> = {
  code: { about: 'confirmAbout', sent: 'codeSentTo' },
  link: { about: 'confirmLinkSent', sent: 'confirmLinkSentTo' },
  admin: { about: 'confirmByAdmin', sent: 'confirmByAdmin' },
}

function wayToConfirm({ pool }: PoolRequest, code: AccountCode | undefined): Way {
  const contacts = autoVerified(pool.settings)
  if (contacts.length === 0) return 'admin'
  const byMail = code?.medium === undefined ? !contacts.includes('phone_number') : code.medium === 'EMAIL'
  return byMail && confirmsByLink(pool) ? 'link' : 'code'
}

function CodeField({ frame, first }: { frame: Frame; first: boolean }) {
  const { words } = frame.language
  return (
    <>
      <Field
        name="code"
        label={words.code}
        autocomplete="one-time-code"
        inputmode="numeric"
        class="code"
        autofocus={first}
      />
      <Submit>{words.continue}</Submit>
    </>
  )
}
