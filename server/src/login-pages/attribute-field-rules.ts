// How each attribute of a user is asked for in a form: its label, the kind of field, and what browsers fill in (HTML 4.10.18.7,
// autofill). Pure. docs/reference/user-pools.md 5.1.
import type { Words } from './languages/en.ts'
import { tidyNumber } from './name-rules.ts'

export interface AttributeKind {
  readonly label: keyof Words
  readonly autocomplete: string
  readonly type?: 'text' | 'email' | 'tel' | 'url' | 'date'
  readonly inputmode?: 'numeric'
  readonly autocapitalize?: 'words'
  readonly lines?: number
  readonly hint?: keyof Words
}

const kinds: Readonly<Record<string, AttributeKind>> = {
  name: { label: 'fullName', autocomplete: 'name', autocapitalize: 'words' },
  given_name: { label: 'givenName', autocomplete: 'given-name', autocapitalize: 'words' },
  family_name: { label: 'familyName', autocomplete: 'family-name', autocapitalize: 'words' },
  middle_name: { label: 'middleName', autocomplete: 'additional-name', autocapitalize: 'words' },
  nickname: { label: 'nickname', autocomplete: 'nickname', autocapitalize: 'words' },
  preferred_username: { label: 'preferredUsername', autocomplete: 'off' },
  profile: { label: 'profilePage', autocomplete: 'off', type: 'url', hint: 'urlHint' },
  picture: { label: 'picture', autocomplete: 'photo', type: 'url', hint: 'urlHint' },
  website: { label: 'website', autocomplete: 'url', type: 'url', hint: 'urlHint' },
  email: { label: 'email', autocomplete: 'email', type: 'email' },
  gender: { label: 'gender', autocomplete: 'sex' },
  birthdate: { label: 'birthdate', autocomplete: 'bday', type: 'date' },
  zoneinfo: { label: 'timeZone', autocomplete: 'off', hint: 'timeZoneHint' },
  locale: { label: 'locale', autocomplete: 'language', hint: 'localeHint' },
  phone_number: { label: 'phone', autocomplete: 'tel', type: 'tel', hint: 'phoneHint' },
  address: { label: 'address', autocomplete: 'street-address', lines: 3 },
  updated_at: { label: 'updatedAt', autocomplete: 'off', inputmode: 'numeric' },
}

/** Undefined for an attribute that has no label of its own. */
export const attributeKind = (name: string): AttributeKind | undefined =>
  Object.hasOwn(kinds, name) ? kinds[name] : undefined

/** The name of an attribute's field, which scripts that fill in Cognito's pages use. */
export const attributeField = (name: string): string => `requiredAttributes[${name}]`

/** A value as it was typed, in the form that is stored. */
export function tidyValue(name: string, typed: string | undefined): string {
  const value = (typed ?? '').trim().replaceAll('\r\n', '\n')
  return name === 'phone_number' ? tidyNumber(value) : value
}
