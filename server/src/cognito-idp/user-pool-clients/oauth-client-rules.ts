// Which OAuth settings a client may have: flows, scopes, URLs, identity providers. Pure.
// docs/reference/user-pools.md 3.3, 6.3, and docs/behaviour/user-pool-clients.md for the texts that the reference does
// not have.
import type { IdentityProviderTypeType, OAuthFlowType } from '../../contract/cognito-idp.types.ts'
import { firstRefusal, invalid, type Refusal } from '../../refusal-rules.ts'
import type { UserPoolClientSettings } from './client-store.ts'

export type OAuthRefusal = Refusal<
  'InvalidParameterException' | 'InvalidOAuthFlowException' | 'ScopeDoesNotExistException'
>

/** The scopes of every pool (docs/reference/oauth-and-federation.md 10.1). */
export const STANDARD_SCOPES: readonly string[] = [
  'openid',
  'email',
  'phone',
  'profile',
  'aws.cognito.signin.user.admin',
]
/** The identity provider that stands for the users of the pool itself. */
export const OWN_USERS = 'COGNITO'

export interface KnownNames {
  poolId: string
  /** Scopes of the pool's resource servers, in the form `identifier/scope`. */
  scopes: readonly string[]
  /** Identity providers of the pool; `begins`: a SAML provider may begin a sign-in (IDPInit). */
  providers: readonly { name: string; type: IdentityProviderTypeType; begins?: boolean }[]
}

export const oauthRefusal = (
  client: UserPoolClientSettings,
  hasSecret: boolean,
  known: KnownNames,
): OAuthRefusal | undefined =>
  firstRefusal<OAuthRefusal['refused']>([
    () => requiredRefusal(client),
    () => flowRefusal(client, hasSecret),
    () => scopeRefusal(client, known.scopes),
    () => urlRefusal([...(client.CallbackURLs ?? []), ...(client.LogoutURLs ?? [])]),
    () => defaultRedirectRefusal(client),
    () => providerRefusal(client, known),
  ])

const requiredRefusal = (client: UserPoolClientSettings): OAuthRefusal | undefined =>
  client.AllowedOAuthFlowsUserPoolClient && !(client.AllowedOAuthFlows && client.AllowedOAuthScopes)
    ? invalid(
        'AllowedOAuthFlows and AllowedOAuthScopes are required if user pool client is allowed to use OAuth flows.',
      )
    : undefined

function flowRefusal(client: UserPoolClientSettings, hasSecret: boolean): OAuthRefusal | undefined {
  const flows: readonly OAuthFlowType[] = client.AllowedOAuthFlows ?? []
  if (flows.includes('client_credentials')) {
    if (flows.length > 1)
      return badFlow('client_credentials flow can not be selected along with code flow or implicit flow.')
    if (!hasSecret)
      return badFlow('client_credentials flow can not be selected if client does not have a client secret.')
    const scope = client.AllowedOAuthScopes?.find((name) => STANDARD_SCOPES.includes(name))
    return scope === undefined ? undefined : badFlow(`${scope} is not supported with client_credentials flow`)
  }
  return flows.length > 0 && !client.CallbackURLs
    ? badFlow('CallbackUrls can not be empty when code flow or implicit flow is selected')
    : undefined
}

const badFlow = (message: string): OAuthRefusal => ({ refused: 'InvalidOAuthFlowException', message })

function scopeRefusal(client: UserPoolClientSettings, custom: readonly string[]): OAuthRefusal | undefined {
  const unknown = client.AllowedOAuthScopes?.find(
    (scope) => !STANDARD_SCOPES.includes(scope) && !custom.includes(scope),
  )
  return unknown === undefined
    ? undefined
    : { refused: 'ScopeDoesNotExistException', message: `Invalid scope requested: ${unknown}` }
}

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]']
/** Schemes of URLs that a browser runs as script or shows as content instead of redirecting to them. */
const SCRIPT_SCHEMES = ['javascript:', 'vbscript:', 'data:']

function urlRefusal(urls: readonly string[]): OAuthRefusal | undefined {
  for (const url of urls) {
    if (!URL.canParse(url)) return invalid(`${url} is not a valid URL.`)
    const { protocol, hostname } = new URL(url)
    if (SCRIPT_SCHEMES.includes(protocol)) return invalid(`${url} is not a valid URL.`)
    if (protocol === 'http:' && !LOOPBACK.includes(hostname)) return invalid(`${url} cannot use the HTTP protocol.`)
    if (url.includes('#')) return invalid(`${url} cannot use fragment`)
  }
  return undefined
}

function defaultRedirectRefusal({
  DefaultRedirectURI: uri,
  CallbackURLs,
}: UserPoolClientSettings): OAuthRefusal | undefined {
  return uri === undefined || CallbackURLs?.includes(uri)
    ? undefined
    : invalid(`The default redirect URI ${uri} is not in the callback URIs list.`)
}

function providerRefusal(client: UserPoolClientSettings, { poolId, providers }: KnownNames): OAuthRefusal | undefined {
  const names = client.SupportedIdentityProviders ?? []
  const unknown = names.find((name) => name !== OWN_USERS && !providers.some((provider) => provider.name === name))
  if (unknown !== undefined) return invalid(`The provider ${unknown} does not exist for User Pool ${poolId}.`)
  // docs/reference/oauth-and-federation.md 22.4.
  const named = providers.filter(({ name }) => names.includes(name))
  const beginner = named.find(({ begins }) => begins)
  return beginner && (names.includes(OWN_USERS) || named.some(({ type }) => type !== 'SAML'))
    ? invalid(
        `The provider ${beginner.name} allows IdP-initiated sign-in: an app client with it can have providers of type SAML only.`,
      )
    : undefined
}

/** Why a SAML provider may not begin sign-ins from now on: a client has it beside users or providers of another type. */
export function initiationRefusal(
  name: string,
  clients: readonly Pick<UserPoolClientSettings, 'ClientName' | 'SupportedIdentityProviders'>[],
  providers: KnownNames['providers'],
): Refusal | undefined {
  const isSaml = (other: string): boolean => providers.find((provider) => provider.name === other)?.type === 'SAML'
  const mixed = clients.find(
    ({ SupportedIdentityProviders: names = [] }) => names.includes(name) && !names.every(isSaml),
  )
  return mixed
    ? invalid(
        `The app client ${mixed.ClientName} has the provider ${name} beside others: with a provider that allows IdP-initiated sign-in it can have providers of type SAML only.`,
      )
    : undefined
}
