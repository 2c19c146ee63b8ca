// Generic OpenID Connect providers. docs/reference/oauth-and-federation.md 20, 21.
import type { IdentityProvider } from '../../cognito-idp/identity-providers/provider-store.ts'
import { assuranceOf, wantedValues } from './assurance-rules.ts'
import { wantedAge } from './fresh-sign-in-rules.ts'
import { readIdToken } from './id-token.ts'
import { authorizationUrl, codeOf, failed, readProfile, redeemCode } from './requests.ts'
import { textsOf } from './texts.ts'
import type { Upstream } from './upstream.ts'

export const oidc: Upstream = {
  begin: (_context, leg, state) =>
    authorizationUrl(leg, endpointsOf(leg.provider).authorize_url, state, {
      nonce: leg.nonce,
      login_hint: leg.asked.loginHint,
      max_age: wantedAge(leg.asked)?.toString(),
      acr_values: wantedValues(leg.provider.acrMapping, leg.asked.levels),
    }),
  finish: async (context, leg, answer) => {
    const { provider } = leg
    const { issuer, token_url: url, attributes_url: profileUrl, jwks_uri } = endpointsOf(provider)
    const iss = answer.get('iss')
    // Against mix-up (RFC 9207 2.4): the answer of another provider must not be sent to this one.
    if (iss === undefined ? provider.discovered?.sends_iss : iss !== issuer) throw failed('Bad issuer of the answer')
    const { client_id: clientId = '', attributes_request_method: method } = provider.details
    const clientSecret = provider.secrets['client_secret']
    const answered = await redeemCode(context, leg, { url, method: 'POST', clientId, clientSecret }, codeOf(answer))
    const jwksUri = provider.discovered ? undefined : jwks_uri
    const { subject, claims } = await readIdToken(
      context,
      leg,
      { issuer, jwksUri, clientSecret, maxAge: wantedAge(leg.asked) },
      answered,
    )
    const profile =
      profileUrl === undefined
        ? { sub: subject }
        : await readProfile(context, leg, profileUrl, answered.access_token, method === 'POST' ? 'POST' : 'GET')
    // OpenID Connect Core 5.3.4: the profile of another user must not be mixed in.
    if (profile.sub !== subject) throw failed('Bad sub of the user info')
    return {
      provider: provider.name,
      type: provider.type,
      subject,
      assurance: assuranceOf(provider.acrMapping, claims),
      claims: { tokenResponse: textsOf(answered), idToken: textsOf(claims), userInfo: textsOf(profile) },
    }
  },
}

/** What the provider publishes; what an administrator has named where it publishes nothing. */
function endpointsOf({ discovered, details }: IdentityProvider) {
  return (
    discovered ?? {
      issuer: details['oidc_issuer'] as string,
      authorize_url: details['authorize_url'] as string,
      token_url: details['token_url'] as string,
      jwks_uri: details['jwks_uri'] as string,
      attributes_url: details['attributes_url'],
    }
  )
}
