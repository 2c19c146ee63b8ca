// What an authorization request asks for: each member with the rule that reads it, in the order of the checks. Pure. Its
// cases are read-request.test.ts; the client and the redirect URI are target.ts.
// docs/reference/oauth-and-federation.md 3.1, 3.2, 3.4, 3.5, 10.4, 13; RFC 6749 4.1.1, RFC 7636 4.3, OpenID Connect Core 3.1.2.
import type { Level } from '../../cognito-idp/sign-in/assurance-rules.ts'
import { dpop } from '../../cognito-idp/tags/cognomen-tag-rules.ts'
import { levelsOf } from '../../cognito-idp/user-pools/acr-rules.ts'
import type { OAuthFlowType } from '../../contract/cognito-idp.types.ts'
import type { Parameters } from '../../http/forms.ts'
import type { DeviceTicket } from '../device/device-grant.ts'
import { limits } from '../limits.ts'
import { OAuthError } from '../oauth-error.ts'
import { requestedScopes } from '../scopes.ts'
import { namedResponseMode, type ResponseMode } from './redirect.ts'
import type { Target } from './target.ts'

type Reader<Value> = (parameters: Parameters, target: Target) => Value

const readers = {
  /** Which answer the application wants: a code, or tokens (the implicit grant). */
  responseType: (parameters, target): 'code' | 'token' => {
    const type = parameters.get('response_type')
    if (type !== 'code' && type !== 'token') throw invalid('response_type must be code or token')
    const flow: OAuthFlowType = type === 'code' ? 'code' : 'implicit'
    const { AllowedOAuthFlowsUserPoolClient, AllowedOAuthFlows } = target.client.settings
    if (!AllowedOAuthFlowsUserPoolClient || !AllowedOAuthFlows?.includes(flow))
      throw new OAuthError('unauthorized_client', `the client may not use the ${flow} flow`)
    return type
  },
  /** How the answer comes: tokens in no query, where servers and histories would keep them. */
  responseMode: (parameters, { redirectUri }): ResponseMode => {
    const isCode = parameters.get('response_type') === 'code'
    if (parameters.get('response_mode') === undefined) return isCode ? 'query' : 'fragment'
    const mode = namedResponseMode(parameters, redirectUri)
    if (mode === undefined || (mode === 'query' && !isCode)) throw invalid('response_mode cannot be used here')
    return mode
  },
  /** Parameters that would say more than this server reads are refused, not passed over (RFC 9101 6, 7). */
  requestObject: (parameters): undefined => {
    if (parameters.get('request')) throw new OAuthError('request_not_supported')
    if (parameters.get('request_uri')) throw new OAuthError('request_uri_not_supported')
  },
  codeChallenge: (parameters, { client }): string | undefined => {
    const challenge = parameters.get('code_challenge')
    const method = parameters.get('code_challenge_method')
    if (challenge === undefined && method === undefined) {
      // Public clients that registered themselves (RFC 9700 2.1.1); Cognito requires it of none.
      const isRequired = client.settings.ClientType === 'DCR' && client.secrets.length === 0
      if (isRequired) throw invalid('code_challenge is missing')
      return undefined
    }
    if (method !== 'S256') throw invalid('code_challenge_method must be S256')
    if (!challenge || !/^[\w-]{43}$/.test(challenge))
      throw invalid('code_challenge must be a SHA-256 hash in base64url')
    return challenge
  },
  scopes: (parameters, { client }): readonly string[] => requestedScopes(parameters.get('scope'), client.settings),
  state: (parameters) => bounded(parameters, 'state'),
  nonce: (parameters) => bounded(parameters, 'nonce'),
  /** The API that the access token is for: an absolute URL, with a host in https and http (RFC 8707 2). */
  resource: (parameters): string | undefined => {
    const resource = bounded(parameters, 'resource')
    if (resource === undefined) return undefined
    const url = URL.canParse(resource) && !resource.includes('#') ? new URL(resource) : undefined
    const isAllowed = url && (url.protocol !== 'http:' || LOOPBACK.includes(url.hostname))
    if (!isAllowed) throw new OAuthError('invalid_target', 'resource must be an absolute URL without a fragment')
    return resource
  },
  prompt: (parameters): readonly Prompt[] => {
    const prompts = (parameters.get('prompt') ?? '').split(' ').filter((prompt) => prompt !== '')
    if (!prompts.every(isPrompt)) throw invalid('prompt must be of none, login, consent and select_account')
    if (prompts.includes('none') && prompts.length > 1) throw invalid('prompt none stands alone')
    return prompts as Prompt[]
  },
  /** Seconds since the user typed a proof. */
  maxAge: (parameters): number | undefined => {
    const age = parameters.get('max_age')
    if (age === undefined) return undefined
    if (!/^\d{1,9}$/.test(age)) throw invalid('max_age must be a number of seconds')
    return Number(age)
  },
  /** The levels of assurance that the application asks for, the most wanted first; unknown names are passed over. */
  levels: (parameters, { pool }): readonly Level[] =>
    levelsOf(pool.settings, (bounded(parameters, 'acr_values') ?? '').split(' ')),
  /** The key that the tokens of the code are to be bound to (RFC 9449 10). */
  dpopJkt: (parameters, { pool, client }): string | undefined => {
    const use = dpop(pool.settings, client.settings)
    if (use === 'required' && parameters.get('response_type') === 'token')
      throw new OAuthError('unauthorized_client', 'tokens of the client are bound to a key, which only a code leads to')
    const key = use === undefined ? undefined : parameters.get('dpop_jkt')
    if (key !== undefined && !/^[\w-]{43}$/.test(key)) throw invalid('dpop_jkt must be a thumbprint in base64url')
    return key
  },
  loginHint: (parameters) => bounded(parameters, 'login_hint'),
  /** The identity provider that the application chooses for its user. */
  provider: (parameters): { name: string } | { identifier: string } | undefined => {
    const name = parameters.get('identity_provider')
    const identifier = parameters.get('idp_identifier')
    return name ? { name } : identifier ? { identifier } : undefined
  },
} satisfies Record<string, Reader<unknown>>

export type Prompt = 'none' | 'login' | 'consent' | 'select_account'

/** What is asked for, by whom, and where the answer goes. */
export type ReadRequest = Target & {
  readonly [Name in keyof typeof readers]: ReturnType<(typeof readers)[Name]>
} & {
  /** The user that the application means, by id_token_hint (authorize.ts). */
  readonly hintedSub?: string
}

/** The same with what every page of the sign-in carries along: the path of the pool, and the query with the request. */
export type AuthorizationRequest = ReadRequest & {
  /** The device that asks, where the user is to sign in on it (oauth/device/). */
  readonly device?: DeviceTicket
  readonly page: { readonly path: string; readonly query: Parameters }
}

/** Throws OAuthError, which goes to the redirect URI of `target`. */
export function readAuthorizationRequest(target: Target, parameters: Parameters): ReadRequest {
  const repeated = parameters.repeated()
  if (repeated !== undefined) throw invalid('a parameter is repeated')
  const read = Object.entries(readers).map(([name, reader]) => [name, reader(parameters, target)])
  return { ...target, ...(Object.fromEntries(read) as Omit<ReadRequest, keyof Target>) }
}

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]']

const PROMPTS: readonly string[] = ['none', 'login', 'consent', 'select_account'] satisfies Prompt[]
const isPrompt = (prompt: string): boolean => PROMPTS.includes(prompt)

const invalid = (description: string): OAuthError => new OAuthError('invalid_request', description)

function bounded(parameters: Parameters, name: string): string | undefined {
  const value = parameters.get(name)
  if (value !== undefined && value.length > limits.parameter.max) throw invalid(`${name} is too long`)
  return value
}
