// Sign in with Apple: the client secret is a token that the team's key signs, the answer is posted, and the user's name comes
// with it, once. docs/reference/oauth-and-federation.md 20, 21.
import { sign } from 'node:crypto'
import type { IdentityProvider } from '../../cognito-idp/identity-providers/provider-store.ts'
import type { Context } from '../../context.ts'
import { p256PrivateKey } from '../../crypto/ec-keys.ts'
import { atEndpoint } from '../../effects/provider-endpoints.ts'
import { parseObject } from '../../encodings.ts'
import { jws, jwsContent } from '../../signing/jws.ts'
import { readIdToken } from './id-token.ts'
import { authorizationUrl, codeOf, type Json, redeemCode } from './requests.ts'
import { textsOf } from './texts.ts'
import type { Upstream } from './upstream.ts'

export const apple: Upstream = {
  begin: ({ providerEndpoints }, leg, state) => {
    const { authorize_url, authorize_scopes = '' } = leg.provider.details
    return authorizationUrl(leg, atEndpoint(providerEndpoints, authorize_url as string), state, {
      nonce: leg.nonce,
      // Apple wants it wherever the name or the address is asked for.
      response_mode: /\b(name|email)\b/.test(authorize_scopes) ? 'form_post' : undefined,
    })
  },
  finish: async (context, leg, answer) => {
    const { provider } = leg
    const { client_id: clientId = '', token_url } = provider.details
    const { providerEndpoints } = context
    const clientSecret = clientSecretOf(context, provider)
    const url = atEndpoint(providerEndpoints, token_url as string)
    const answered = await redeemCode(context, leg, { url, method: 'POST', clientId, clientSecret }, codeOf(answer))
    const { subject, claims } = await readIdToken(context, leg, { issuer: providerEndpoints.apple }, answered)
    return {
      provider: provider.name,
      type: provider.type,
      subject,
      claims: {
        tokenResponse: textsOf(answered),
        idToken: textsOf(claims),
        userInfo: textsOf(nameIn(answer.get('user'))),
      },
    }
  },
}

const SECRET_SECONDS = 300

/** The client secret (Apple, "Creating a client secret"): a token of the team about the client, for Apple. */
function clientSecretOf({ clock, providerEndpoints }: Context, { details, secrets }: IdentityProvider): string {
  const key = p256PrivateKey(secrets['private_key'] ?? '')
  if (!key) throw new Error('The private key of a SignInWithApple provider is none.')
  const iat = Math.floor(clock.now() / 1000)
  const content = jwsContent(
    { alg: 'ES256', kid: details['key_id'] },
    {
      iss: details['team_id'],
      iat,
      exp: iat + SECRET_SECONDS,
      aud: providerEndpoints.apple,
      sub: details['client_id'],
    },
  )
  return jws(content, sign('sha256', Buffer.from(content), { key, dsaEncoding: 'ieee-p1363' }))
}

/**
 * The name in the field `user`, which is there at the first consent alone. The browser brings it, unsigned: nothing else in it
 * is taken, such as the address.
 */
function nameIn(user: string | undefined): Json {
  const json = user === undefined ? undefined : parseObject(Buffer.from(user))
  const name = json?.['name']
  if (typeof name !== 'object' || name === null) return {}
  const { firstName, lastName } = name as Record<string, unknown>
  return {
    ...(typeof firstName === 'string' && { firstName }),
    ...(typeof lastName === 'string' && { lastName }),
  }
}
