// GET /saml2/metadata, which Cognito has not: what an identity provider must know of a pool, as it can be imported there. With
// `identity_provider` it is for that provider: with the key that its assertions have to be encrypted with.
import { samlSigningKey } from '../../cognito-idp/identity-providers/saml-signing-key.ts'
import { textResponse } from '../../http/text-response.ts'
import { serviceProviderMetadata } from '../../saml/write.ts'
import { errorPage } from '../authorize/authorize.ts'
import type { Endpoint } from '../endpoint.ts'
import { Unredirectable } from '../oauth-error.ts'
import { consumerUrl, entityIdOf, logoutUrl, signsRequests } from './service-provider.ts'

export const spMetadata: Endpoint = {
  // The pool's key may have to be made.
  costly: true,
  answer: async (context, request) => {
    const { pool, base, query } = request
    const name = query.get('identity_provider')
    const provider = name === undefined ? undefined : await context.userPools.identityProvider(pool.id, name)
    if (name !== undefined && provider?.type !== 'SAML')
      return errorPage(request, new Unredirectable('unknown_provider'))
    const { certificate } = await samlSigningKey(context, pool.id)
    const metadata = serviceProviderMetadata({
      entityId: entityIdOf(pool.id),
      consumer: consumerUrl(base),
      logout: logoutUrl(base),
      signing: certificate,
      encryption: provider?.details['ActiveEncryptionCertificate'],
      signsRequests: provider !== undefined && (await signsRequests(provider)),
    })
    return textResponse(metadata, { headers: { 'content-type': 'application/samlmetadata+xml; charset=utf-8' } })
  },
}
