// ProviderDetails of each type of identity provider: what a request must name, what is secret, and what answers add. Pure.
// docs/reference/oauth-and-federation.md 20; the texts are as reported.
import type { IdentityProviderTypeType } from '../../contract/cognito-idp.types.ts'

export type Details = Readonly<Record<string, string>>

interface DetailRules {
  /** Without one of these a provider is refused, with `missing`. */
  readonly required: readonly string[]
  readonly missing: string
  /** What a request may name besides; anything else is dropped. */
  readonly optional: readonly string[]
  /** Kept sealed. */
  readonly secret: readonly string[]
  /** Of the secret ones: not in answers. */
  readonly hidden?: readonly string[]
  /** What every provider of the type has, whatever a request says. */
  readonly fixed: (details: Details) => Details
  /** The claim that is the user's id there: what `username` is mapped to where a request does not say. */
  readonly subject?: string
}

const SOCIAL = ['client_id', 'client_secret', 'authorize_scopes']
const SOCIAL_MISSING = 'clientId, clientSecret and authorizeScopes are all required idp details.'

/** The version of Facebook's API where a request names none. */
const FACEBOOK_VERSION = 'v17.0'

export const detailRules: Readonly<Record<IdentityProviderTypeType, DetailRules>> = {
  Google: {
    required: SOCIAL,
    missing: SOCIAL_MISSING,
    optional: [],
    secret: ['client_secret'],
    subject: 'sub',
    fixed: () => ({
      authorize_url: 'https://accounts.google.com/o/oauth2/v2/auth',
      token_url: 'https://www.googleapis.com/oauth2/v4/token',
      token_request_method: 'POST',
      attributes_url: 'https://people.googleapis.com/v1/people/me?personFields=',
      attributes_url_add_attributes: 'true',
      oidc_issuer: 'https://accounts.google.com',
    }),
  },
  Facebook: {
    required: SOCIAL,
    missing: SOCIAL_MISSING,
    optional: ['api_version'],
    secret: ['client_secret'],
    subject: 'id',
    fixed: ({ api_version: version = FACEBOOK_VERSION }) => ({
      api_version: version,
      authorize_url: `https://www.facebook.com/${version}/dialog/oauth`,
      token_url: `https://graph.facebook.com/${version}/oauth/access_token`,
      token_request_method: 'GET',
      attributes_url: `https://graph.facebook.com/${version}/me?fields=`,
      attributes_url_add_attributes: 'true',
    }),
  },
  LoginWithAmazon: {
    required: SOCIAL,
    missing: SOCIAL_MISSING,
    optional: [],
    secret: ['client_secret'],
    subject: 'user_id',
    fixed: () => ({
      authorize_url: 'https://www.amazon.com/ap/oa',
      token_url: 'https://api.amazon.com/auth/o2/token',
      token_request_method: 'POST',
      attributes_url: 'https://api.amazon.com/user/profile',
      attributes_url_add_attributes: 'false',
    }),
  },
  SignInWithApple: {
    required: ['client_id', 'private_key', 'team_id', 'key_id', 'authorize_scopes'],
    missing: 'clientId, privateKey, teamId, and keyId are all required idp details.',
    optional: [],
    secret: ['private_key'],
    hidden: ['private_key'],
    subject: 'sub',
    fixed: () => ({
      authorize_url: 'https://appleid.apple.com/auth/authorize',
      token_url: 'https://appleid.apple.com/auth/token',
      token_request_method: 'POST',
      attributes_url_add_attributes: 'false',
      oidc_issuer: 'https://appleid.apple.com',
    }),
  },
  OIDC: {
    required: ['client_id', 'authorize_scopes', 'oidc_issuer', 'attributes_request_method'],
    missing: 'clientId, authorizeScopes, oidcIssuer and attributesRequestMethod are all required idp details.',
    // A provider may have public clients.
    optional: ['client_secret', 'authorize_url', 'token_url', 'attributes_url', 'jwks_uri'],
    secret: ['client_secret'],
    subject: 'sub',
    fixed: () => ({ attributes_url_add_attributes: 'false' }),
  },
  SAML: {
    required: [],
    missing: '',
    optional: ['MetadataURL', 'MetadataFile', 'IDPSignout', 'IDPInit', 'EncryptedResponses', 'RequestSigningAlgorithm'],
    secret: [],
    fixed: () => ({}),
  },
}

/** The details of a request that the type has: empty ones are as absent. Later keys are those that are fixed. */
export function knownDetails(type: IdentityProviderTypeType, given: Details): Details {
  const { required, optional, fixed } = detailRules[type]
  const own = [...required, ...optional].flatMap((key) => {
    const value = Object.hasOwn(given, key) ? (given[key] as string) : ''
    return value === '' ? [] : [[key, value]]
  })
  const details = Object.fromEntries(own) as Details
  return { ...details, ...fixed(details) }
}

/** The details without, and those that are, secret. */
export function splitDetails(type: IdentityProviderTypeType, details: Details): { open: Details; secret: Details } {
  const { secret } = detailRules[type]
  const entries = Object.entries(details)
  return {
    open: Object.fromEntries(entries.filter(([key]) => !secret.includes(key))),
    secret: Object.fromEntries(entries.filter(([key]) => secret.includes(key))),
  }
}
