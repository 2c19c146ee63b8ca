// Facebook: no ID token; the user is who Graph says that the access token is of.
// docs/reference/oauth-and-federation.md 20, 21.
import { createHmac } from 'node:crypto'
import { atEndpoint } from '../../effects/provider-endpoints.ts'
import { authorizationUrl, codeOf, readProfile, redeemCode, subjectOf } from './requests.ts'
import { textsOf } from './texts.ts'
import type { Upstream } from './upstream.ts'

export const facebook: Upstream = {
  begin: ({ providerEndpoints }, leg, state) =>
    authorizationUrl(leg, atEndpoint(providerEndpoints, leg.provider.details['authorize_url'] as string), state),
  finish: async (context, leg, answer) => {
    const { provider } = leg
    const { client_id: clientId = '', token_url, attributes_url } = provider.details
    const { providerEndpoints } = context
    const clientSecret = provider.secrets['client_secret'] as string
    const url = atEndpoint(providerEndpoints, token_url as string)
    const answered = await redeemCode(context, leg, { url, method: 'GET', clientId, clientSecret }, codeOf(answer))
    const { access_token: accessToken } = answered
    // Graph requires it where the application says so ("Require App Secret"), and takes it everywhere.
    const proof = createHmac('sha256', clientSecret).update(accessToken).digest('hex')
    const profileUrl = `${attributes_url}${fieldsOf(provider.mapping)}&appsecret_proof=${proof}`
    const profile = await readProfile(context, leg, atEndpoint(providerEndpoints, profileUrl), accessToken)
    return {
      provider: provider.name,
      type: provider.type,
      subject: subjectOf(profile['id']),
      claims: { tokenResponse: textsOf(answered), idToken: {}, userInfo: textsOf(profile) },
    }
  },
}

/** The fields that the mapping names, with the id. */
const fieldsOf = (mapping: Readonly<Record<string, string>>): string =>
  [...new Set(['id', ...Object.values(mapping)])].filter((field) => /^\w+$/.test(field)).join(',')
