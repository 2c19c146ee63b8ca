// What a pool is to SAML identity providers (docs/reference/oauth-and-federation.md 22.1): its entity id and its endpoints.
import type { IdentityProvider } from '../../cognito-idp/identity-providers/provider-store.ts'
import { knownIdpMetadata } from '../../saml/metadata.ts'

export const entityIdOf = (poolId: string): string => `urn:amazon:cognito:sp:${poolId}`

/** Where responses are posted. `base`: the URL of the pool's endpoints. */
export const consumerUrl = (base: string): string => `${base}/saml2/idpresponse`

/** Where messages about the end of a session are posted. */
export const logoutUrl = (base: string): string => `${base}/saml2/logout`

type Details = Pick<IdentityProvider, 'details'>

/** Whether a detail such as IDPSignout is set. */
export const isSet = ({ details }: Details, name: 'IDPSignout' | 'IDPInit' | 'EncryptedResponses'): boolean =>
  details[name]?.toLowerCase() === 'true'

/** Whether requests for a sign-in are signed: where the administrator says so, and where the metadata do. */
export async function signsRequests({ details, document }: IdentityProvider): Promise<boolean> {
  if (details['RequestSigningAlgorithm'] !== undefined) return true
  const metadata = await knownIdpMetadata(document)
  return !('refused' in metadata) && metadata.wantsSignedRequests
}
