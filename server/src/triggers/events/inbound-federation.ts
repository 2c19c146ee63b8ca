import { type Texts, trigger } from '../trigger.ts'

export interface InboundFederationRequest {
  providerName: string
  /** OIDC, SAML, Facebook, Google, SignInWithApple, LoginWithAmazon. */
  providerType: string
  /** What the provider said: of OpenID Connect and the social ones, or of SAML. */
  attributes: { tokenResponse: Texts; idToken: Texts; userInfo: Texts } | { samlResponse: Texts }
}

/** Each federated sign-in, before what the provider says is mapped. `userName` is the provider's own name of the user. */
export const inboundFederation = trigger<'InboundFederation_ExternalProvider'>()({
  name: 'InboundFederation',
  event: (request: InboundFederationRequest) => ({ request, response: { userAttributesToMap: {} } }),
  /** `undefined`: what the provider said stays. Else this is all of it. */
  answer: (response) => {
    const attributes = response.textsByName('userAttributesToMap') ?? {}
    return { userAttributesToMap: Object.keys(attributes).length === 0 ? undefined : attributes }
  },
})
