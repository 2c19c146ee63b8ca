// Unique ids of entities (docs/reference/identity-pools-sts-iam-sync.md 15.4): a prefix for the kind and 17 characters
// of base32. An entity that is created again under its old name gets another id.
import type { Random } from '../effects/effects.ts'
import type { EntityKind } from './entity-types.ts'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const RANDOM_CHARACTERS = 17

/** The prefixes of providers are our own. */
const prefixes: Readonly<Record<EntityKind, string>> = {
  role: 'AROA',
  user: 'AIDA',
  group: 'AGPA',
  policy: 'ANPA',
  'oidc-provider': 'AOPA',
  'saml-provider': 'ASPA',
}

/** A new id, such as `AROAIDPPEZS35WEXAMPLE`. */
export const newEntityId = (random: Random, kind: EntityKind): string =>
  prefixes[kind] + randomCharacters(random, RANDOM_CHARACTERS)

/** The id of a private key of a SAML provider: the contract wants 22 characters or more. */
export const newSamlKeyId = (random: Random): string => randomCharacters(random, 26)

// 32 letters: five bits of each byte, so every letter is equally likely.
const randomCharacters = (random: Random, count: number): string =>
  Array.from(random.bytes(count), (byte) => ALPHABET[byte & 31]).join('')
