// SAML 2.0 identity providers (docs/reference/oauth-and-federation.md 22): a request by redirect, the response by POST to
// /saml2/idpresponse (oauth/saml/).
import { withCurrentMetadata } from '../../cognito-idp/identity-providers/current-metadata.ts'
import { samlSigningKey } from '../../cognito-idp/identity-providers/saml-signing-key.ts'
import { redirectUrl } from '../../saml/redirect-binding.ts'
import { authnRequest } from '../../saml/write.ts'
import { readSamlProfile } from '../saml/saml-profile.ts'
import { consumerUrl, entityIdOf, signsRequests } from '../saml/service-provider.ts'
import { wantedAge } from './fresh-sign-in-rules.ts'
import type { Leg, Upstream } from './upstream.ts'

const requestId = ({ id }: Leg): string => `_${id}`

export const saml: Upstream = {
  begin: async (context, leg, relayState) => {
    const provider = await withCurrentMetadata(context, leg.provider)
    const destination = provider.details['SSORedirectBindingURI'] as string
    const xml = authnRequest({
      id: requestId(leg),
      issuedAt: leg.begunAt,
      destination,
      issuer: entityIdOf(provider.userPoolId),
      consumer: consumerUrl(leg.base),
      force: wantedAge(leg.asked) !== undefined,
    })
    const key = (await signsRequests(provider))
      ? (await samlSigningKey(context, provider.userPoolId)).privateKey
      : undefined
    return redirectUrl(destination, { kind: 'SAMLRequest', xml, relayState, key })
  },
  finish: (context, leg, answer) => {
    const { provider, base } = leg
    return readSamlProfile(context, provider, {
      response: answer.get('SAMLResponse'),
      base,
      inResponseTo: requestId(leg),
    })
  },
}
