// POST /oauth2/device_authorization: a device without a browser begins a sign-in (RFC 8628 3.1, 3.2). Beyond Cognito: for clients that
// a tag of the pool names (docs/decisions/beyond-cognito.md).
import { allowsDeviceGrant, anyClientHas } from '../../cognito-idp/tags/cognomen-tag-rules.ts'
import { Parameters } from '../../http/forms.ts'
import { forApplications, json, notServed } from '../answers.ts'
import { readAuthorizationRequest } from '../authorize/read-request.ts'
import { authenticateClientOr401 } from '../client-authentication.ts'
import { limits } from '../limits.ts'
import { OAuthError } from '../oauth-error.ts'
import { publishedBase } from '../pool-door.ts'
import { beginDeviceGrant, deviceEnd, INTERVAL_SECONDS } from './device-grant.ts'
import { shownUserCode } from './user-code-rules.ts'

/** What a device may say of its request; the rest of an authorization request is about browsers. */
const MEMBERS = ['scope', 'resource', 'acr_values']

/** The page on which users type the code. */
export const DEVICE_PAGE = '/device'

export const deviceAuthorization = forApplications({
  category: 'UserToken',
  // Anybody can be a public client, and each request is a row.
  limitsAddress: true,
  answer: async (context, request) => {
    const { form, pool } = request
    if (!anyClientHas(pool.settings, 'device-grant')) return notServed()
    if (form.repeated() !== undefined) throw new OAuthError('invalid_request', 'a parameter is repeated')
    const place = await authenticateClientOr401(context, request)
    if (!allowsDeviceGrant(pool.settings, place.client.settings)) throw new OAuthError('unauthorized_client')
    const given = [...form].filter(([name]) => MEMBERS.includes(name))
    const own = [
      ['response_type', 'code'],
      ['client_id', place.client.clientId],
    ] as const
    const parameters = new Parameters([...own, ...given])
    if (parameters.toString().length > limits.pushedRequest.max)
      throw new OAuthError('invalid_request', `the request is longer than ${limits.pushedRequest.max} bytes`)
    readAuthorizationRequest({ ...place, redirectUri: deviceEnd(request) }, parameters)
    const { deviceCode, userCode } = await beginDeviceGrant(context, place, parameters.toString())
    const page = `${publishedBase(context, pool)}${DEVICE_PAGE}`
    return json({
      device_code: deviceCode,
      user_code: shownUserCode(userCode),
      verification_uri: page,
      verification_uri_complete: `${page}?user_code=${shownUserCode(userCode)}`,
      expires_in: limits.deviceGrantSeconds.max,
      interval: INTERVAL_SECONDS,
    })
  },
})
