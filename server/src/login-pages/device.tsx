// GET and POST /device: where the user of a device without a browser types the code that it shows (RFC 8628 3.3). Then the user signs
// in, or is, and says on the page of consent whether the device may have the sign-in. /device/ended says how it ended.
// docs/behaviour/login-pages.md.
import { createHash } from 'node:crypto'
import { anyClientHas } from '../cognito-idp/tags/cognomen-tag-rules.ts'
import type { Context } from '../context.ts'
import { CSRF_COOKIE } from '../http/csrf.ts'
import { readParameters } from '../http/forms.ts'
import { begunQuery } from '../oauth/authorize/pushed-request.ts'
import { redirect } from '../oauth/authorize/redirect.ts'
import { DEVICE_PAGE } from '../oauth/device/device-authorization.ts'
import { type DeviceTicket, findTypedDevice } from '../oauth/device/device-grant.ts'
import { shownUserCode, typedUserCode } from '../oauth/device/user-code-rules.ts'
import type { Endpoint, PoolRequest } from '../oauth/endpoint.ts'
import { showErrorPage } from './error-page.tsx'
import { Field, Form, isOwnPost, Message, openFrame, Submit, show } from './frame.tsx'
import type { Words } from './languages/en.ts'

/** The pages are there in pools whose devices may ask. */
const forDevices = ({ answer, ...endpoint }: Endpoint): Endpoint => ({
  ...endpoint,
  answer: (context, request) =>
    anyClientHas(request.pool.settings, 'device-grant')
      ? answer(context, request)
      : showErrorPage(request, undefined, 404),
})

export const devicePage: Endpoint = forDevices({
  // The address of a QR code has the code in it, which people still compare (RFC 8628 3.3.1).
  answer: (_context, request) => showForm(request, { typed: request.query.get('user_code') }),
})

export const postDevice: Endpoint = forDevices({
  answer: async (context, request) => {
    const typed = request.form.get('user_code')
    if (!isOwnPost(request)) return showForm(request, { typed, message: 'formExpired', status: 403 })
    if (typed === undefined) return showForm(request, { message: 'missing', status: 400 })
    const query = await queryOf(context, request, typedUserCode(typed))
    if (query) return redirect(`${request.path}/oauth2/authorize?${query}`, 303)
    request.countGuess()
    return showForm(request, { typed, message: 'wrongDeviceCode', status: 400 })
  },
})

/** The query of the pages on which the user signs in for the device; undefined for a code that no device shows. */
async function queryOf(context: Context, { pool, query, cookies }: PoolRequest, userCode: string | undefined) {
  const found = userCode === undefined ? undefined : await findTypedDevice(context, pool.id, userCode)
  const client = found && (await context.userPools.client(found.clientId))
  const parameters = found && readParameters(found.parameters)
  if (!client || !parameters || userCode === undefined) return undefined
  const device = { ...found.key, userCode, browser: browserOf(cookies) }
  return begunQuery(context, { pool, client }, { parameters, device }, query.get('lang'))
}

/** A browser, by the token of its forms. */
const browserOf = (cookies: PoolRequest['cookies']): string =>
  createHash('sha256')
    .update(cookies.get(CSRF_COOKIE) ?? '')
    .digest('base64url')

/** Whether the code was typed in this browser, and not in that of somebody who has sent a link to what follows. */
export const wasTypedHere = ({ browser }: DeviceTicket, { cookies }: PoolRequest): boolean =>
  browser === browserOf(cookies)

/** Back to the form with the code. */
export const typeAgain = ({ path }: PoolRequest, { userCode }: DeviceTicket): Response =>
  redirect(`${path}${DEVICE_PAGE}?${new URLSearchParams({ user_code: shownUserCode(userCode) })}`, 303)

interface Shown {
  readonly typed?: string | undefined
  readonly message?: keyof Words
  readonly status?: number
}

function showForm(request: PoolRequest, { typed, message, status = 200 }: Shown): Response {
  const frame = openFrame(request)
  const { words } = frame.language
  const code = typedUserCode(typed)
  const body = (
    <>
      <h1>{words.deviceTitle}</h1>
      <p class="lead">{words.deviceAbout}</p>
      <Message text={message && words[message]} />
      <Form frame={frame} to={DEVICE_PAGE}>
        <Field
          name="user_code"
          label={words.deviceCode}
          autocomplete="off"
          class="device-code"
          value={code === undefined ? typed?.slice(0, 32) : shownUserCode(code)}
          autofocus
        />
        <Submit>{words.continue}</Submit>
      </Form>
    </>
  )
  return show(frame, { title: words.deviceTitle, body, status })
}

/** How it ended, by the parameters that an application would get at its redirect URI. */
export const deviceEndedPage: Endpoint = forDevices({
  answer: (_context, request) => {
    const frame = openFrame(request)
    const { words } = frame.language
    const error = request.query.get('error')
    const title = error === undefined ? words.deviceDone : words.deviceNotDone
    const about =
      error === undefined ? words.deviceDoneAbout : error === 'access_denied' ? words.signedOutAbout : words.deviceGone
    const body = (
      <>
        <h1>{title}</h1>
        <p class="lead">{about}</p>
      </>
    )
    return show(frame, { title, body, status: error === undefined || error === 'access_denied' ? 200 : 400 })
  },
})
