// POST /saml2/idpresponse, the assertion consumer service: the answer to a request, whose RelayState is the state of the round
// trip, or a sign-in that the provider has initiated, whose RelayState is an authorization request.
// docs/reference/oauth-and-federation.md 22.3, 22.4.
import type { Context } from '../../context.ts'
import { type Parameters, readParameters } from '../../http/forms.ts'
import { withAuthorizationRequest } from '../authorize/authorize.ts'
import type { Endpoint, PoolRequest } from '../endpoint.ts'
import { Unredirectable } from '../oauth-error.ts'
import { chosenWay, OWN_USERS, requireClientProvider } from '../upstream/choose-provider.ts'
import { finishUpstream, signInWithProfile } from '../upstream/finish.ts'
import { samlError } from './saml-errors.ts'
import { readSamlProfile } from './saml-profile.ts'
import { isSet } from './service-provider.ts'

export const idpResponse: Endpoint = {
  // Tokens of the implicit grant may be signed.
  costly: true,
  answer: (context, request) => {
    const relayState = request.form.get('RelayState')
    const query = initiatedRequest(relayState)
    return query
      ? finishInitiated(context, { ...request, query })
      : finishUpstream(context, request, relayState, request.form)
  },
}

/** The authorization request in a RelayState that is a query string. A state is one word of base64url. */
function initiatedRequest(relayState: string | undefined): Parameters | undefined {
  if (!relayState?.includes('=')) return undefined
  const query = readParameters(relayState)
  return query?.get('identity_provider') || query?.get('idp_identifier') ? query : undefined
}

/** A sign-in that nobody here has asked for: only of a provider that may do that. */
const finishInitiated = (context: Context, request: PoolRequest): Promise<Response> =>
  withAuthorizationRequest(context, request, async (asked) => {
    const way = await chosenWay(context, asked)
    if (!way || way.name === OWN_USERS) throw new Unredirectable('unknown_provider')
    const provider = await requireClientProvider(context, asked, way.name)
    if (provider.type !== 'SAML' || !isSet(provider, 'IDPInit')) throw new Unredirectable('invalid_state')
    const { form, base } = request
    if (form.repeated() !== undefined) throw samlError('A parameter is repeated')
    const answer = { response: form.get('SAMLResponse'), base, inResponseTo: null }
    return signInWithProfile(context, request, asked, provider, await readSamlProfile(context, provider, answer))
  })
