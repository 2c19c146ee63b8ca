// What AdminLinkProviderForUser and AdminDisableProviderForUser accept, and what they make of a user. Pure.
// docs/reference/oauth-and-federation.md 19.5, docs/reference/user-pools.md 3.3 (Federation links), 17.3.
import type { IdentityProviderTypeType, ProviderUserIdentifierType } from '../../contract/cognito-idp.types.ts'
import { invalid, type Refusal } from '../../refusal-rules.ts'
import { limits } from '../limits.ts'
import type { StoredUser } from '../users/user-store.ts'
import { type FederatedIdentity, type IdentityMatch, SUBJECT, sameIdentity } from './identity-rules.ts'

/** The provider of users with a password. */
export const LOCAL_PROVIDER = 'Cognito'

/** An identity provider of the pool, as far as links need it. */
export interface LinkedProvider {
  readonly name: string
  readonly type: IdentityProviderTypeType
  /** The entity id of a SAML provider. */
  readonly issuer?: string
  /** The pool's attributes that its mapping fills. */
  readonly mapped: readonly string[]
}

export const ALREADY_LINKED = invalid('SourceUser is already linked to DestinationUser')
export const HAS_SIGNED_UP = invalid(
  'Merging is not currently supported, provide a SourceUser that has not been signed up in order to link',
)
export const LOCAL_SOURCE = invalid(
  'Invalid SourceUser: Cognito users with a username/password may not be passed in as a SourceUser, only as a DestinationUser',
)
export const LINKED_ELSEWHERE: Refusal<'AliasExistsException'> = {
  refused: 'AliasExistsException',
  message: 'SourceUser is already linked to another user.',
}

/** The parts of an identifier; without ProviderAttributeName, which a local user does without, the subject. */
export function matchOf(
  member: 'DestinationUser' | 'SourceUser' | 'User',
  { ProviderName, ProviderAttributeName, ProviderAttributeValue }: ProviderUserIdentifierType,
): IdentityMatch | Refusal {
  if (!ProviderName) return invalid(`Invalid ${member}: ProviderName is required`)
  if (!ProviderAttributeValue) return invalid(`Invalid ${member}: ProviderAttributeValue is required`)
  if (!ProviderAttributeName && ProviderName !== LOCAL_PROVIDER)
    return invalid(`Invalid ${member}: ProviderAttributeName is required`)
  if (ProviderAttributeValue.length > limits.identityValue.max)
    return invalid(`Invalid ${member}: ProviderAttributeValue is longer than ${limits.identityValue.max} characters`)
  return { provider: ProviderName, attribute: ProviderAttributeName || SUBJECT, value: ProviderAttributeValue }
}

const isOpen = (type: IdentityProviderTypeType): boolean => type === 'OIDC' || type === 'SAML'

/** Why an attribute cannot identify a user of a provider: social ones are known by the subject alone. */
export function attributeRefusal(provider: LinkedProvider, { attribute }: IdentityMatch): Refusal | undefined {
  if (attribute === SUBJECT) return undefined
  if (!isOpen(provider.type))
    return invalid(`Invalid SourceUser: ProviderAttributeName must be ${SUBJECT} for provider ${provider.name}`)
  return provider.mapped.includes(attribute)
    ? undefined
    : invalid(`Invalid SourceUser: Attribute ${attribute} is not mapped by provider ${provider.name}`)
}

/** The user with one identity more. `now` is epoch milliseconds. */
export function linked(
  user: StoredUser,
  { type, issuer }: LinkedProvider,
  match: IdentityMatch,
  now: number,
): { user: StoredUser } | Refusal<'InvalidParameterException' | 'LimitExceededException'> {
  if (user.identities.some((known) => sameIdentity(known, match))) return ALREADY_LINKED
  if (user.identities.length >= limits.identitiesPerUser.max)
    return {
      refused: 'LimitExceededException',
      message: `A user can not have more than ${limits.identitiesPerUser.max} identities.`,
    }
  const identity: FederatedIdentity = { ...match, type, ...(issuer && { issuer }), primary: false, createdAt: now }
  return { user: { ...user, identities: [...user.identities, identity] } }
}

/**
 * The user who cannot sign in by an identity any more. A linked one is removed, and its next sign-in makes a user of its
 * own. The one that the user came by stays, disabled: the username that a new user would get is this user's.
 */
export const withoutSignIn = (user: StoredUser, match: IdentityMatch): StoredUser => ({
  ...user,
  identities: user.identities.flatMap((known): FederatedIdentity[] => {
    if (!sameIdentity(known, match)) return [known]
    return known.primary ? [{ ...known, disabled: true }] : []
  }),
})
