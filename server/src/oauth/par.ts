// POST /oauth2/par: a client sends its authorization request itself, and gets a text that stands for it in the address to which it
// sends the browser (RFC 9126). Nobody at the browser reads or changes the request, and the client is known before it begins.
// Beyond Cognito: for clients that a tag of the pool names, or all of it (docs/decisions/beyond-cognito.md).
import { poolPushedAuthorization, pushedAuthorization } from '../cognito-idp/tags/cognomen-tag-rules.ts'
import type { Context } from '../context.ts'
import { Parameters } from '../http/forms.ts'
import { forApplications, json, notServed } from './answers.ts'
import { checkedRequest } from './authorize/authorize.ts'
import { pushedUri } from './authorize/pushed-request.ts'
import { findTarget } from './authorize/target.ts'
import { authenticateClientOr401 } from './client-authentication.ts'
import { provenKey } from './dpop/proof.ts'
import type { PoolRequest } from './endpoint.ts'
import { limits } from './limits.ts'
import { OAuthError, Unredirectable } from './oauth-error.ts'
import { chosenWay } from './upstream/choose-provider.ts'

/** What proves the client is no part of the request. */
const OF_CLIENT = ['client_id', 'client_secret', 'client_assertion', 'client_assertion_type']

export const par = forApplications({
  category: 'UserToken',
  answer: async (context, request) => {
    const { form, pool } = request
    if (poolPushedAuthorization(pool.settings) === undefined) return notServed()
    if (form.repeated() !== undefined) throw new OAuthError('invalid_request', 'a parameter is repeated')
    const place = await authenticateClientOr401(context, request)
    const { clientId, settings } = place.client
    if (pushedAuthorization(pool.settings, settings) === undefined)
      throw new OAuthError('unauthorized_client', 'the client may not push authorization requests')
    if (form.get('request_uri') !== undefined) throw new OAuthError('invalid_request', 'request_uri cannot be pushed')
    const own = new Parameters([['client_id', clientId], ...[...form].filter(([name]) => !OF_CLIENT.includes(name))])
    const parameters = withKey(own, await provenKey(context, place, request))
    if (parameters.toString().length > limits.pushedRequest.max)
      throw new OAuthError('invalid_request', `the request is longer than ${limits.pushedRequest.max} bytes`)
    await checkAsAuthorize(context, request, parameters)
    const uri = pushedUri(context, place, parameters)
    return json({ request_uri: uri, expires_in: limits.pushedRequestSeconds.max }, 201)
  },
})

/** A proof binds the code to its key as `dpop_jkt` does (RFC 9449 10.1). */
function withKey(parameters: Parameters, key: string | undefined): Parameters {
  if (key === undefined) return parameters
  if ((parameters.get('dpop_jkt') ?? key) !== key)
    throw new OAuthError('invalid_request', 'dpop_jkt is not the key of the proof')
  return parameters.with({ dpop_jkt: key })
}

/** All that /oauth2/authorize would refuse is refused here, to the client itself. */
async function checkAsAuthorize(context: Context, request: PoolRequest, parameters: Parameters): Promise<void> {
  try {
    const target = await findTarget(context, request, parameters)
    await chosenWay(context, await checkedRequest(context, target, parameters))
  } catch (error) {
    throw error instanceof Unredirectable ? new OAuthError('invalid_request', descriptions[error.code]) : error
  }
}

const descriptions: Partial<Record<Unredirectable['code'], string>> = {
  redirect_mismatch: 'redirect_uri is missing, or not registered',
  unknown_provider: 'the client does not have the identity provider',
}
