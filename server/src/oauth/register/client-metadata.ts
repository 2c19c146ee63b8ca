// What an application says of itself when it registers (RFC 7591 2), and the settings of its app client. Pure. Its cases are
// client-metadata.test.ts. docs/reference/oauth-and-federation.md 12, 25; docs/behaviour/client-registration.md.
import { REGISTRATION_SCOPE } from '../../cognito-idp/resource-servers/resource-server-rules.ts'
import { isBackchannelUri } from '../../cognito-idp/user-pool-clients/backchannel-uri-rules.ts'
import type { UserPoolClientSettings } from '../../cognito-idp/user-pool-clients/client-store.ts'
import { newClientSettings } from '../../cognito-idp/user-pool-clients/new-client-settings.ts'
import { type KnownNames, OWN_USERS, STANDARD_SCOPES } from '../../cognito-idp/user-pool-clients/oauth-client-rules.ts'
import type { DcrConfigurationType, OAuthFlowType } from '../../contract/cognito-idp.types.ts'
import { limits } from '../limits.ts'
import { OAuthError } from '../oauth-error.ts'

const authMethods = ['client_secret_basic', 'client_secret_post', 'none'] as const

/** What was asked for, with the defaults of RFC 7591. */
export interface ClientMetadata {
  readonly name: string
  readonly redirectUris: readonly string[]
  readonly authMethod: (typeof authMethods)[number]
  readonly flow: 'code' | 'client_credentials'
  /** Undefined: all that it may have. */
  readonly scopes: readonly string[] | undefined
  /** Where it is told that a user has signed out (OpenID Connect Back-Channel Logout 1.0 section 2.2). */
  readonly backchannelLogoutUri: string | undefined
}

/** `flows`: those that such a registration may have. Throws OAuthError `invalid_redirect_uri` or `invalid_client_metadata`. */
export function readClientMetadata(
  given: Readonly<Record<string, unknown>>,
  flows: readonly OAuthFlowType[],
): ClientMetadata {
  const grantTypes = texts(given, 'grant_types') ?? ['authorization_code']
  const flow = flowOf(grantTypes)
  if (!flows.includes(flow)) throw bad('no registration here may have this grant type')
  const responseTypes = texts(given, 'response_types') ?? (flow === 'code' ? ['code'] : [])
  const wanted = flow === 'code' ? responseTypes.join() === 'code' : responseTypes.length === 0
  if (!wanted) throw bad(`response_types do not go with the grant type; use [${flow === 'code' ? '"code"' : ''}]`)
  const authMethod = text(given, 'token_endpoint_auth_method') ?? 'client_secret_basic'
  if (!isAuthMethod(authMethod)) throw bad(`token_endpoint_auth_method must be one of ${authMethods.join(', ')}`)
  if (authMethod === 'none' && flow === 'client_credentials') throw bad('client_credentials needs a client secret')
  const redirectUris = texts(given, 'redirect_uris') ?? []
  if (flow === 'code' && redirectUris.length === 0)
    throw new OAuthError('invalid_redirect_uri', 'redirect_uris must have one at least')
  if (redirectUris.length > limits.registeredRedirects.max)
    throw new OAuthError('invalid_redirect_uri', 'there are too many redirect_uris')
  for (const uri of redirectUris) {
    const problem = redirectProblem(uri)
    if (problem !== undefined) throw new OAuthError('invalid_redirect_uri', problem)
  }
  const scopes = text(given, 'scope')
    ?.split(' ')
    .filter((scope) => scope !== '')
  const backchannelLogoutUri = text(given, 'backchannel_logout_uri')
  if (backchannelLogoutUri !== undefined && (flow !== 'code' || !isBackchannelUri(backchannelLogoutUri)))
    throw bad('backchannel_logout_uri must be an https address of a client with users')
  return { name: nameOf(text(given, 'client_name')), redirectUris, authMethod, flow, scopes, backchannelLogoutUri }
}

/** The grant types of a client of each flow; it may refresh its users' tokens in any case. */
export const grantTypesOf: Readonly<Record<ClientMetadata['flow'], readonly string[]>> = {
  code: ['authorization_code', 'refresh_token'],
  client_credentials: ['client_credentials'],
}

function flowOf(grantTypes: readonly string[]): ClientMetadata['flow'] {
  const isOf = (flow: ClientMetadata['flow']): boolean =>
    grantTypes.every((type) => grantTypesOf[flow].includes(type)) &&
    grantTypes.includes(grantTypesOf[flow][0] as string)
  if (isOf('code')) return 'code'
  if (isOf('client_credentials')) return 'client_credentials'
  throw bad('grant_types must be authorization_code, also with refresh_token, or client_credentials alone')
}

/** The settings of its app client. Throws OAuthError `invalid_client_metadata` for a scope that it may not have. */
export function registeredSettings(
  { name, redirectUris, flow, scopes, backchannelLogoutUri }: ClientMetadata,
  { AllowedScopes = [] }: DcrConfigurationType,
  known: KnownNames,
): UserPoolClientSettings {
  const custom = AllowedScopes.filter((scope) => known.scopes.includes(scope) && scope !== REGISTRATION_SCOPE)
  const standard = AllowedScopes.filter((scope) => STANDARD_SCOPES.includes(scope))
  const allowed = flow === 'code' ? [...new Set([...FREE_SCOPES, ...standard, ...custom])] : custom
  const foreign = scopes?.find((scope) => !allowed.includes(scope))
  if (foreign !== undefined) throw bad('scope has one that no registered client may have')
  const asked = scopes === undefined || scopes.length === 0 ? allowed : scopes
  if (asked.length === 0) throw bad('there is no scope that a client with client_credentials may have')
  const providers = known.providers.filter(({ begins }) => !begins)
  return {
    ...newClientSettings(name, {
      AllowedOAuthFlowsUserPoolClient: true,
      AllowedOAuthFlows: [flow],
      AllowedOAuthScopes: [...asked],
      ...(flow === 'code' && {
        CallbackURLs: [...redirectUris],
        SupportedIdentityProviders: [OWN_USERS, ...providers.map((provider) => provider.name)],
      }),
      // Nobody signs in to it by the API, past the page that asks for consent.
      ExplicitAuthFlows: ['ALLOW_REFRESH_TOKEN_AUTH'],
      PreventUserExistenceErrors: 'ENABLED',
    }),
    ClientType: 'DCR',
    ...(backchannelLogoutUri !== undefined && { BackchannelLogoutUri: backchannelLogoutUri }),
  }
}

const FREE_SCOPES = ['openid', 'email', 'phone', 'profile']

/** The characters that names of app clients have; others become blanks, of which RFC 7591 2 allows the server to decide. */
function nameOf(given: string | undefined): string {
  const name = (given ?? '')
    .replace(/[^\w+=,.@-]+/g, ' ')
    .trim()
    .slice(0, MOST_OF_NAME)
    .trim()
  return name === '' ? 'Registered application' : name
}
const MOST_OF_NAME = 128

/** Schemes that browsers or the system run, show or read themselves, instead of handing the address to one application. */
const BROWSERS_OWN = [
  'javascript:',
  'data:',
  'vbscript:',
  'file:',
  'blob:',
  'about:',
  'filesystem:',
  'view-source:',
  'ws:',
  'wss:',
  'ftp:',
  'mailto:',
  'tel:',
  'sms:',
  'intent:',
  'android-app:',
  'jar:',
  'resource:',
  'chrome:',
  'search-ms:',
]
/** Programs of the system itself, which do what an address tells them (Windows). */
const SYSTEMS_OWN = /^ms-/
const LOOPBACK = ['localhost', '127.0.0.1', '[::1]']

/** What is wrong with a redirect URI; undefined when nothing is (RFC 8252 7, RFC 9700 2.1). */
function redirectProblem(uri: string): string | undefined {
  if (uri.length > limits.registeredRedirect.max) return 'a redirect URI is too long'
  if (!/^[\x21-\x7e]+$/.test(uri) || !URL.canParse(uri)) return 'a redirect URI is not an absolute URI'
  const { protocol, hostname, username, password } = new URL(uri)
  if (uri.includes('#')) return 'a redirect URI must not have a fragment'
  if (username !== '' || password !== '') return 'a redirect URI must not have a user name'
  if (BROWSERS_OWN.includes(protocol) || SYSTEMS_OWN.test(protocol))
    return 'a redirect URI has a scheme that no application has'
  if (protocol === 'http:' && !LOOPBACK.includes(hostname)) return 'http is for the loopback interface only'
  return undefined
}

const isAuthMethod = (method: string): method is ClientMetadata['authMethod'] =>
  (authMethods as readonly string[]).includes(method)

function text(given: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = given[name]
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'string') throw bad(`${name} must be a string`)
  return value
}

function texts(given: Readonly<Record<string, unknown>>, name: string): string[] | undefined {
  const value = given[name]
  if (value === undefined || value === null) return undefined
  const isList = Array.isArray(value) && value.every((one): one is string => typeof one === 'string')
  const error = name === 'redirect_uris' ? 'invalid_redirect_uri' : 'invalid_client_metadata'
  if (!isList) throw new OAuthError(error, `${name} must be a list of strings`)
  return [...new Set(value)]
}

const bad = (description: string): OAuthError => new OAuthError('invalid_client_metadata', description)
