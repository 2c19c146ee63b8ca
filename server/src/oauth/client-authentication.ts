// Which client calls, and that it is this client: client_secret_basic, client_secret_post, private_key_jwt, or no secret for a public client
// (RFC 6749 2.3). docs/reference/oauth-and-federation.md 5.1.
import type { Place } from '../cognito-idp/sign-in/sign-in.ts'
import { clientKeysUrl } from '../cognito-idp/tags/cognomen-tag-rules.ts'
import type { UserPoolClient } from '../cognito-idp/user-pool-clients/client-store.ts'
import type { Context } from '../context.ts'
import { equalBytes } from '../crypto/equal-bytes.ts'
import { decodeBase64, decodeFormText, decodeUtf8 } from '../encodings.ts'
import { clientOfAssertion, hasAssertion } from './client-assertion.ts'
import type { PoolRequest } from './endpoint.ts'
import { OAuthError } from './oauth-error.ts'

interface Credentials {
  readonly clientId: string
  readonly secret: string | undefined
}

/** Throws OAuthError `invalid_client`, the same for a client that does not exist and for a wrong secret. */
export async function authenticateClient(context: Context, request: PoolRequest): Promise<Place> {
  if (hasAssertion(request)) return clientOfAssertion(context, request)
  const { pool, form } = request
  const inBody = { clientId: form.get('client_id'), secret: form.get('client_secret') }
  const basic = basicCredentials(request.header('authorization'))
  if (basic === 'malformed') throw new OAuthError('invalid_client', 'malformed Authorization header')
  // Two ways at once must say the same.
  const differs =
    basic &&
    ((inBody.clientId !== undefined && !basic.some(({ clientId }) => clientId === inBody.clientId)) ||
      (inBody.secret !== undefined && !basic.some(({ secret }) => secret === inBody.secret)))
  if (differs) throw new OAuthError('invalid_request', 'two different client credentials')
  const claimed: readonly Credentials[] =
    basic ?? (inBody.clientId === undefined ? [] : [{ clientId: inBody.clientId, secret: inBody.secret }])
  if (claimed.length === 0) throw new OAuthError('invalid_client')
  const client = await context.userPools.client(claimed[0]?.clientId ?? '')
  if (client?.userPoolId !== pool.id) throw new OAuthError('invalid_client')
  // A secret that was stolen is good for nothing where keys are what counts.
  if (clientKeysUrl(pool.settings, client.settings) !== undefined)
    throw new OAuthError('invalid_client', 'the client authenticates by private_key_jwt')
  if (!claimed.some(({ secret }) => hasSecret(client, secret)))
    throw new OAuthError('invalid_client', 'invalid_client_secret')
  return { pool, client }
}

/** The same where an unknown client is told 401 (RFC 7009 2.2.1, RFC 7662 2.3), as the token endpoint of Cognito does not. */
export async function authenticateClientOr401(context: Context, request: PoolRequest): Promise<Place> {
  try {
    return await authenticateClient(context, request)
  } catch (error) {
    throw error instanceof OAuthError && error.code === 'invalid_client'
      ? new OAuthError('invalid_client', error.description, 401)
      : error
  }
}

/** Every secret is compared, for constant time. */
const hasSecret = ({ secrets }: UserPoolClient, secret: string | undefined): boolean =>
  secrets.length === 0
    ? secret === undefined
    : secret !== undefined && secrets.filter(({ value }) => equalBytes(value, secret)).length > 0

/**
 * What the header says, as it is and with its parts decoded: RFC 6749 2.3.1 has clients encode them, many do not, and a
 * secret may have a `+` in it.
 */
function basicCredentials(header: string | undefined): readonly Credentials[] | undefined | 'malformed' {
  if (header === undefined) return undefined
  const [, encoded] = /^Basic +([\w+/]+={0,2})$/i.exec(header) ?? []
  const bytes = encoded === undefined ? undefined : decodeBase64(encoded)
  const text = bytes && decodeUtf8(bytes)
  const colon = text?.indexOf(':') ?? -1
  if (text === undefined || colon < 1) return 'malformed'
  const raw = { clientId: text.slice(0, colon), secret: text.slice(colon + 1) || undefined }
  const clientId = decodeFormText(raw.clientId)
  const secret = raw.secret === undefined ? undefined : decodeFormText(raw.secret)
  return clientId === undefined || (raw.secret !== undefined && secret === undefined)
    ? [raw]
    : [raw, { clientId, secret }]
}
