// Login with Amazon: no ID token; the user is who the profile says that the access token is of.
// docs/reference/oauth-and-federation.md 20, 21.
import { atEndpoint } from '../../effects/provider-endpoints.ts'
import { authorizationUrl, codeOf, readProfile, redeemCode, subjectOf } from './requests.ts'
import { textsOf } from './texts.ts'
import type { Upstream } from './upstream.ts'

export const amazon: Upstream = {
  begin: ({ providerEndpoints }, leg, state) =>
    authorizationUrl(leg, atEndpoint(providerEndpoints, leg.provider.details['authorize_url'] as string), state),
  finish: async (context, leg, answer) => {
    const { provider } = leg
    const { client_id: clientId = '', token_url, attributes_url } = provider.details
    const { providerEndpoints } = context
    const clientSecret = provider.secrets['client_secret']
    const url = atEndpoint(providerEndpoints, token_url as string)
    const answered = await redeemCode(context, leg, { url, method: 'POST', clientId, clientSecret }, codeOf(answer))
    const profileUrl = atEndpoint(providerEndpoints, attributes_url as string)
    const profile = await readProfile(context, leg, profileUrl, answered.access_token)
    return {
      provider: provider.name,
      type: provider.type,
      subject: subjectOf(profile['user_id']),
      claims: { tokenResponse: textsOf(answered), idToken: {}, userInfo: textsOf(profile) },
    }
  },
}
