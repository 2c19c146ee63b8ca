// GET and POST /consent: whether an application that registered itself may have what it asks for, or a device the sign-in.
// docs/reference/oauth-and-federation.md 12, docs/behaviour/client-registration.md.
import { shownName } from '../cognito-idp/passkeys/registration-options.ts'
import { resourceServersOf } from '../cognito-idp/resource-servers/resource-server-store.ts'
import type { Context } from '../context.ts'
import { type Authorized, answerAllowed } from '../oauth/authorize/answer.ts'
import { withAuthorizationRequest } from '../oauth/authorize/authorize.ts'
import { keepConsent, mayConsent, needsConsent } from '../oauth/authorize/consent.ts'
import { mayGiveTokens } from '../oauth/authorize/pushed-request.ts'
import type { AuthorizationRequest } from '../oauth/authorize/read-request.ts'
import { redirect } from '../oauth/authorize/redirect.ts'
import { findBrowserSession } from '../oauth/browser-session.ts'
import { type DeviceTicket, denyDevice } from '../oauth/device/device-grant.ts'
import { shownUserCode } from '../oauth/device/user-code-rules.ts'
import type { Endpoint, PoolRequest } from '../oauth/endpoint.ts'
import { OAuthError } from '../oauth/oauth-error.ts'
import { typeAgain, wasTypedHere } from './device.tsx'
import { Form, isOwnPost, Message, openFrame, show } from './frame.tsx'
import type { Words } from './languages/en.ts'
import { filled } from './languages.ts'

export const consentPage: Endpoint = {
  answer: (context, request) =>
    withConsent(context, request, (asked, found) => showConsent(context, request, asked, found)),
}

export const postConsent: Endpoint = {
  costly: mayGiveTokens,
  answer: (context, request) =>
    withConsent(context, request, async (asked, found) => {
      if (!isOwnPost(request)) return showConsent(context, request, asked, found, 'formExpired')
      if (request.form.get('decision') === 'allow') {
        await keepConsent(context, asked, found.user)
        return answerAllowed(context, asked, found, request.source)
      }
      if (asked.device) await denyDevice(context, asked.pool.id, asked.device)
      throw new OAuthError('access_denied')
    }),
}

/** Whoever has not just signed in for this request begins with that. */
const withConsent = (
  context: Context,
  request: PoolRequest,
  answer: (asked: AuthorizationRequest, found: Authorized) => Response | Promise<Response>,
): Promise<Response> =>
  withAuthorizationRequest(context, request, async (asked) => {
    if (asked.device && !wasTypedHere(asked.device, request)) return typeAgain(request, asked.device)
    const found = needsConsent(asked) ? await findBrowserSession(context, request) : undefined
    if (found && mayConsent(context, asked, found.session)) return answer(asked, found)
    return redirect(`${request.path}/login?${request.query}`, 303)
  })

async function showConsent(
  context: Context,
  request: PoolRequest,
  asked: AuthorizationRequest,
  { user }: Authorized,
  message?: keyof Words,
): Promise<Response> {
  const frame = openFrame(request, asked.redirectUri)
  const { words } = frame.language
  const { ClientName: app } = asked.client.settings
  const { resource: place } = asked
  const scopes = await scopeTexts(context, asked, words)
  if (place !== undefined) scopes.push(filled(words.scopeResource, { place }))
  const title = filled(asked.device ? words.deviceAllowTitle : words.consentTitle, { app })
  const warning = asked.device
    ? words.deviceWarning
    : filled(words.consentWarning, { place: placeOf(asked.redirectUri) })
  const body = (
    <>
      <h1>{title}</h1>
      <p class="lead">{filled(words.consentAs, { name: shownName(asked.pool.settings, user) })}</p>
      <Message text={message && words[message]} />
      {asked.device ? <DeviceCode label={words.deviceShows} device={asked.device} /> : null}
      <p class="consent-head">{words.consentAbout}</p>
      <ul class="consent">
        {scopes.map((scope) => (
          <li>{scope}</li>
        ))}
      </ul>
      <p class={asked.device ? 'message warning' : 'hint'}>{warning}</p>
      <Form frame={frame} to="/consent">
        <div class="decision">
          <button type="submit" name="decision" value="allow" class="submit submitButton-customizable">
            {words.allow}
          </button>
          <button type="submit" name="decision" value="cancel" class="choice other">
            {words.cancel}
          </button>
        </div>
      </Form>
    </>
  )
  return show(frame, { title, body, status: message === undefined ? 200 : 403 })
}

/** The code that the user compares with the one on the device (RFC 8628 3.3.1, 5.4). */
const DeviceCode = ({ label, device }: { label: string; device: DeviceTicket }) => (
  <>
    <p class="consent-head">{label}</p>
    <p class="device-shown" dir="ltr">
      {shownUserCode(device.userCode)}
    </p>
  </>
)

/** What people call an address: its host, or the scheme of an application on this device. */
function placeOf(redirectUri: string): string {
  const { protocol, host } = new URL(redirectUri)
  return protocol === 'http:' || protocol === 'https:' ? host : protocol
}

const texts: Readonly<Record<string, keyof Words>> = {
  openid: 'scopeOpenid',
  email: 'scopeEmail',
  phone: 'scopePhone',
  profile: 'scopeProfile',
  'aws.cognito.signin.user.admin': 'scopeAdmin',
}

/** A scope of a resource server in the words of its administrator. One statement, where there is such a scope. */
export async function scopeTexts(
  context: Context,
  { pool, scopes }: Pick<AuthorizationRequest, 'pool' | 'scopes'>,
  words: Words,
): Promise<string[]> {
  const isCustom = (scope: string): boolean => !Object.hasOwn(texts, scope)
  const servers = scopes.some(isCustom) ? await resourceServersOf(context.db, pool.id) : []
  const described = new Map<string, string>(
    servers.flatMap(({ identifier, scopes: own }) =>
      own.map(({ name, description }) => [`${identifier}/${name}`, description] as [string, string]),
    ),
  )
  return scopes.map((scope) => {
    const key = isCustom(scope) ? undefined : texts[scope]
    return key === undefined ? (described.get(scope) ?? scope) : words[key]
  })
}
