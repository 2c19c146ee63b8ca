// What users of a pool are called on its pages. Pure. docs/reference/user-pools.md 5.2.
import type { UserPoolSettings } from '../cognito-idp/user-pools/pool-settings.ts'
import type { Words } from './languages/en.ts'

export interface NameForm {
  readonly label: keyof Words
  readonly inputmode?: 'email' | 'tel'
  /** A word of Words about how to write it. */
  readonly hint?: keyof Words
}

export function nameForm({ UsernameAttributes = [] }: Pick<UserPoolSettings, 'UsernameAttributes'>): NameForm {
  const [first, second] = UsernameAttributes
  if (first === undefined) return { label: 'username' }
  if (second !== undefined) return { label: 'emailOrPhone', hint: 'phoneHint' }
  return first === 'email'
    ? { label: 'email', inputmode: 'email' }
    : { label: 'phone', inputmode: 'tel', hint: 'phoneHint' }
}

type NameSettings = Pick<UserPoolSettings, 'UsernameAttributes' | 'AliasAttributes'>

/**
 * A name as it was typed, without blanks around it; a phone number without what people put between its digits, in pools that
 * know users by their numbers.
 */
export function tidyName({ UsernameAttributes = [], AliasAttributes = [] }: NameSettings, typed = ''): string {
  const name = typed.trim()
  const takesNumbers = UsernameAttributes.includes('phone_number') || AliasAttributes.includes('phone_number')
  return takesNumbers && /^\+[\d\s().\-/]+$/.test(name) ? tidyNumber(name) : name
}

/** E.164: digits alone after the sign. */
export const tidyNumber = (number: string): string => number.replace(/[\s().\-/]/g, '')
