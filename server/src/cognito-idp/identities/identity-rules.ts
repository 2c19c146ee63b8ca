// The identities that a user has at external providers: their form, the key that makes each unique in a pool, and how the
// API and tokens show them. Pure. docs/reference/oauth-and-federation.md 19.2, 19.5.
import type { IdentityProviderTypeType } from '../../contract/cognito-idp.types.ts'
import { sha256Text } from '../../crypto/digest.ts'
import type { Attributes } from '../users/attribute-rules.ts'

/** In place of the name of an attribute: what the provider itself calls the user (sub, id, user_id, NameID). */
export const SUBJECT = 'Cognito_Subject'

/** What finds an identity in a sign-in's profile. */
export interface IdentityMatch {
  /** The provider's name in the pool. */
  readonly provider: string
  /** SUBJECT, or an attribute of the pool that the provider's mapping fills. */
  readonly attribute: string
  /** Compared as it is, also in pools whose usernames have no case. */
  readonly value: string
}

/** One identity of a user, as stored. */
export interface FederatedIdentity extends IdentityMatch {
  readonly type: IdentityProviderTypeType
  /** The entity id of a SAML provider. */
  readonly issuer?: string
  /** Whether the user came by this identity; else an administrator linked it to a user who was there. */
  readonly primary: boolean
  /** Epoch milliseconds. */
  readonly createdAt: number
  /** No sign-in any more (AdminDisableProviderForUser): for a primary one, as a linked one is removed. */
  readonly disabled?: true
}

/** The key under which an identity is reserved; the first character tells it from the keys of names (user-name-rules.ts). */
export const identityKey = ({ provider, attribute, value }: IdentityMatch): string =>
  `@${sha256Text(JSON.stringify([provider, attribute, value]))}`

export const sameIdentity = (one: IdentityMatch, other: IdentityMatch): boolean =>
  one.provider === other.provider && one.attribute === other.attribute && one.value === other.value

/** The ways to find the user of a sign-in, the first one first: by the subject, then by each mapped attribute. */
export const matchesOf = (provider: string, subject: string, attributes: Attributes = {}): IdentityMatch[] => [
  { provider, attribute: SUBJECT, value: subject },
  ...Object.entries(attributes)
    .filter(([, value]) => value !== '')
    .map(([attribute, value]) => ({ provider, attribute, value })),
]

/**
 * A user's identities after a sign-in found one of them by an attribute: from then on it is found by the subject, under
 * which AdminDisableProviderForUser knows it, too (docs/reference/oauth-and-federation.md 19.5).
 */
export const foundBySubject = (
  identities: readonly FederatedIdentity[],
  found: IdentityMatch,
  subject: string,
): readonly FederatedIdentity[] =>
  identities.map((identity) =>
    sameIdentity(identity, found) ? { ...identity, attribute: SUBJECT, value: subject } : identity,
  )

/** The attribute `identities` of a user: JSON text; undefined for a user without any. */
export const identitiesText = (identities: readonly FederatedIdentity[]): string | undefined =>
  identities.length === 0
    ? undefined
    : JSON.stringify(
        identities.map(({ provider, type, issuer, value, primary, createdAt }) => ({
          userId: value,
          providerName: provider,
          providerType: type,
          issuer: issuer ?? null,
          primary,
          dateCreated: createdAt,
        })),
      )

/** The claim `identities` of an ID token, where flags and times are text; undefined for a user without any. */
export const identitiesClaim = (identities: readonly FederatedIdentity[]): readonly object[] | undefined =>
  identities.length === 0
    ? undefined
    : identities.map(({ provider, type, issuer, value, primary, createdAt }) => ({
        userId: value,
        providerName: provider,
        providerType: type,
        issuer: issuer ?? null,
        primary: String(primary),
        dateCreated: String(createdAt),
      }))
