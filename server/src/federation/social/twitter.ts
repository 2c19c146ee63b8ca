// Twitter and what was Digits: an access token with its secret, `token;secret`, used once to ask who it belongs to. The
// request is signed with the application's own key, so a token of another application does not verify.
import type { SocialHost } from '../../effects/provider-endpoints.ts'
import { oauth1Authorization } from './oauth1.ts'
import { askProvider, idOf, isToken, refuse, type SocialProvider, type VerifySocialLogin } from './social-login.ts'

interface OAuth1Provider {
  provider: SocialProvider
  host: SocialHost
  path: string
}

/** A provider that is asked with OAuth 1.0a who a token belongs to. */
export const verifyOAuth1 =
  ({ provider, host, path }: OAuth1Provider): VerifySocialLogin =>
  async (context, { token: pair, application }) => {
    const [consumerKey, consumerSecret] = parts(application ?? '')
    if (consumerKey === undefined || consumerSecret === undefined)
      return refuse('wrong-audience', 'the application is not configured as key;secret')
    const [token, tokenSecret] = parts(pair)
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
    // The number beside it is larger than JSON numbers are exact.
    const subject = idOf(asked.answer.id_str)
    if (subject === undefined) return refuse('unreachable', 'the provider names no user')
    return { provider, subject, audience: consumerKey, claims: asked.answer }
  }

export const verifyTwitter = verifyOAuth1({
  provider: 'api.twitter.com',
  host: 'twitter',
  path: '/1.1/account/verify_credentials.json',
})

function parts(pair: string): string[] {
  const found = pair.split(';').map((part) => part.trim())
  return found.length === 2 && found.every(isToken) ? found : []
}
