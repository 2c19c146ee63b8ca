// The grant of a device without a browser (RFC 8628 3.4). Statements: the grant and its redemption, then as for a code.
import { allowsDeviceGrant } from '../../../cognito-idp/tags/cognomen-tag-rules.ts'
import { takeDeviceGrant } from '../../device/device-grant.ts'
import { OAuthError } from '../../oauth-error.ts'
import type { Grant } from '../grant.ts'
import { requireOwnResource } from '../own-resource.ts'
import { tokensOfSignIn } from '../sign-in-tokens.ts'

export const deviceCode: Grant = {
  allowedFor: ({ pool, client }) => allowsDeviceGrant(pool.settings, client.settings),
  give: async (context, place, { form, source }, key) => {
    const code = form.get('device_code')
    if (code === undefined) throw new OAuthError('invalid_request', 'device_code is missing')
    const allowed = await takeDeviceGrant(context, place, code)
    requireOwnResource(form, allowed.signIn)
    // It is the device that the user is signed in on.
    return tokensOfSignIn(context, place, { ...allowed, source }, key)
  },
}
