// Which identity providers a pool may have. Pure. docs/reference/oauth-and-federation.md 19.1, 20; texts are as reported,
// but for those that docs/behaviour/identity-providers.md lists as ours.
import type { IdentityProviderTypeType } from '../../contract/cognito-idp.types.ts'
import { isP256PrivateKey } from '../../crypto/ec-keys.ts'
import { firstRefusal, invalid, type Refusal } from '../../refusal-rules.ts'
import { schemaOf } from '../user-pools/attribute-schema.ts'
import type { UserPoolSettings } from '../user-pools/pool-settings.ts'
import { type Details, detailRules } from './provider-detail-rules.ts'

type Type = IdentityProviderTypeType

/** The identity provider that stands for the users of the pool itself. */
const OWN_USERS = 'COGNITO'

/** Why a provider of this type may not have this name; undefined when it may. Forms are in the contract. */
export function nameRefusal(name: string, type: Type): Refusal | undefined {
  const named = Object.hasOwn(detailRules, name) && isSocial(name as Type)
  if (name.toUpperCase() === OWN_USERS) return invalid(`The provider name ${name} is reserved.`)
  return isSocial(type) === named && (!named || name === type)
    ? undefined
    : invalid(`Provider ${name} cannot be of type ${type}.`)
}

const isSocial = (type: Type): boolean => type !== 'SAML' && type !== 'OIDC'

/** Why the details of a request are refused; undefined when they are not. `secure`: whether a URL may be asked. */
export function detailsRefusal(
  type: Type,
  details: Details,
  isAllowedUrl: (url: string) => boolean,
): Refusal | undefined {
  const { required, missing } = detailRules[type]
  return firstRefusal<'InvalidParameterException'>([
    () => (required.every((key) => details[key] !== undefined) ? undefined : invalid(missing)),
    () => checks[type]?.(details, isAllowedUrl),
  ])
}

type Check = (details: Details, isAllowedUrl: (url: string) => boolean) => Refusal | undefined

const checks: Readonly<Partial<Record<Type, Check>>> = {
  OIDC: oidcRefusal,
  SAML: samlRefusal,
  SignInWithApple: appleRefusal,
  Facebook: facebookRefusal,
}

const ENDPOINTS = ['oidc_issuer', 'authorize_url', 'token_url', 'attributes_url', 'jwks_uri']

function oidcRefusal(details: Details, isAllowedUrl: (url: string) => boolean): Refusal | undefined {
  const { attributes_request_method: method = '', authorize_scopes: scopes = '' } = details
  if (!['GET', 'POST'].includes(method))
    return invalid(
      `1 validation error detected: Value '${method.slice(0, 100)}' at 'attributesRequestMethod' failed to satisfy constraint: Member must satisfy enum value set: [POST, GET]`,
    )
  for (const key of ENDPOINTS)
    if (details[key] !== undefined && !isAllowedUrl(details[key]))
      return invalid('OIDC endpoint must start with https://')
  return scopes.split(/\s+/).includes('openid') ? undefined : invalid('authorize_scopes must have openid in it.')
}

const FLAGS = ['IDPSignout', 'IDPInit', 'EncryptedResponses']

function samlRefusal(details: Details): Refusal | undefined {
  const { MetadataURL: url, MetadataFile: file, RequestSigningAlgorithm: algorithm = 'rsa-sha256' } = details
  if (url === undefined && file === undefined)
    return invalid('At least one of the MetadataURL or MetadataFile should be provided.')
  if (url !== undefined && file !== undefined)
    return invalid('Only one of the MetadataURL or MetadataFile should be provided.')
  const flag = FLAGS.find((key) => details[key] !== undefined && !/^(true|false)$/i.test(details[key]))
  if (flag !== undefined) return invalid(`${flag} must be true or false.`)
  return algorithm === 'rsa-sha256' ? undefined : invalid('RequestSigningAlgorithm must be rsa-sha256.')
}

/** Its ES256 (RFC 7518 3.4) signs the client secrets of Apple. */
function appleRefusal({ private_key: key = '' }: Details): Refusal | undefined {
  return isP256PrivateKey(key)
    ? undefined
    : invalid('private_key must be the PKCS #8 key of Apple, on the curve P-256.')
}

function facebookRefusal({ api_version: version = '' }: Details): Refusal | undefined {
  return /^v\d{1,3}\.\d{1,2}$/.test(version) ? undefined : invalid('api_version must look like v17.0.')
}

/** Why a mapping is refused; undefined when it is not. `username` stands for the user's id at the provider. */
export function mappingRefusal(pool: UserPoolSettings, mapping: Readonly<Record<string, string>>): Refusal | undefined {
  const schema = schemaOf(pool)
  const wrong = Object.keys(mapping).filter((name) => name !== 'username' && (name === 'sub' || !schema.has(name)))
  return wrong.length === 0
    ? undefined
    : invalid(`AttributeMapping contains invalid mapping: [${wrong.slice(0, 20).join(', ')}]`)
}

/** The mapping as it is stored: `username` is added where the type has a claim for it. */
export function wholeMapping(type: Type, mapping: Readonly<Record<string, string>> = {}): Record<string, string> {
  const { subject } = detailRules[type]
  return { ...mapping, ...(subject !== undefined && { username: mapping['username'] ?? subject }) }
}

const LEVELS = ['Level1', 'Level2', 'Level3', 'Level4']

/** Why a mapping of levels of assurance is refused; undefined when it is not (docs/reference/oauth-and-federation.md 13). */
export function acrRefusal(type: Type, mapping: Readonly<Record<string, string>> | undefined): Refusal | undefined {
  if (mapping === undefined || Object.keys(mapping).length === 0) return undefined
  if (type !== 'OIDC') return invalid('AcrMapping can be set for providers of type OIDC only.')
  const wrong = Object.keys(mapping).find((level) => !LEVELS.includes(level))
  if (wrong !== undefined)
    return invalid(`AcrMapping has the key ${wrong.slice(0, 100)}, which is none of ${LEVELS.join(', ')}.`)
  return Object.values(mapping).every((value) => /^[^\s"\\]{1,256}$/.test(value))
    ? undefined
    : invalid('A value of AcrMapping must have 1 to 256 characters, without blanks, quotes and backslashes.')
}

/** Why identifiers are refused; undefined when they are not. Their forms are in the contract. */
export function identifiersRefusal(identifiers: readonly string[]): Refusal | undefined {
  const twice = identifiers.find((identifier, at) => identifiers.indexOf(identifier) !== at)
  return twice === undefined ? undefined : invalid(`The identifier ${twice} is given more than once.`)
}
