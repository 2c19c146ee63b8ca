// Twitter and the former Digits: an access token with its secret, `token;secret`, with which the provider is asked for
// the user. The request is signed with the application's key, so a token of another application is refused.
import type { SocialHost } from '../../effects/provider-endpoints.ts'
import { oauth1Authorization } from './oauth1.ts'
import { askProvider, idOf, isToken, refuse, type SocialProvider, type VerifySocialLogin } from './social-login.ts'

interface OAuth1Provider {
  provider: SocialProvider
  host: SocialHost
  path: string
}

/** Verifies a login by asking the provider for the user of the token, in a request signed with OAuth 1.0a. */
export const verifyOAuth1 =
  ({ provider, host, path }: OAuth1Provider): VerifySocialLogin =>
  async (context, { token: pair, application }) => {
    const [consumerKey, consumerSecret] = splitPair(application ?? '')
    if (consumerKey === undefined || consumerSecret === undefined)
      return refuse('wrong-audience', 'the application is not configured as key;secret')
    const [token, tokenSecret] = splitPair(pair)
    if (token === undefined || tokenSecret === undefined) return refuse('invalid-token', 'it is not token;secret')
    const url = `${context.providerEndpoints[host]}${path}`
    const authorization = oauth1Authorization(
      'GET',
      url,
      { consumerKey, consumerSecret, token, tokenSecret },
      { nonce: context.random.bytes(16).toString('hex'), timestamp: Math.floor(context.clock.now() / 1000) },
    )
    const asked = await askProvider(context, { url, headers: { authorization } })
    if ('refused' in asked) return asked
    // `id`, a number, may be larger than JSON numbers are exact.
    const subject = idOf(asked.answer.id_str)
    if (subject === undefined) return refuse('unreachable', 'the provider names no user')
    return { provider, subject, audience: consumerKey, claims: asked.answer }
  }

export const verifyTwitter = verifyOAuth1({
  provider: 'api.twitter.com',
  host: 'twitter',
  path: '/1.1/account/verify_credentials.json',
})

function splitPair(pair: string): string[] {
  const found = pair.split(';').map((part) => part.trim())
  return found.length === 2 && found.every(isToken) ? found : []
}
