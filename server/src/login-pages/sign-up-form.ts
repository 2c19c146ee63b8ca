// What the page /signup asks for, by the settings of pool and client, and how its form becomes the input of a sign-up. Pure.
// docs/reference/oauth-and-federation.md 4.3; docs/reference/user-pools.md 5.2, 5.3; docs/behaviour/sign-up.md.

import { mayWrite } from '../cognito-idp/user-pool-clients/attribute-permission-rules.ts'
import { allowsFlow } from '../cognito-idp/user-pool-clients/auth-flow-rules.ts'
import type { UserPoolClientSettings } from '../cognito-idp/user-pool-clients/client-store.ts'
import { requiredAttributes } from '../cognito-idp/user-pools/attribute-schema.ts'
import type { UserPoolSettings } from '../cognito-idp/user-pools/pool-settings.ts'
import type { Attributes } from '../cognito-idp/users/attribute-rules.ts'
import { needsNoPassword } from '../cognito-idp/users/new-user-rules.ts'
import { autoVerified } from '../cognito-idp/users/verification-rules.ts'
import type { Parameters } from '../http/forms.ts'
import { attributeField, tidyValue } from './attribute-field-rules.ts'
import { tidyName } from './name-rules.ts'

export interface SignUpForm {
  /** Without it users sign in by codes alone. */
  readonly asksPassword: boolean
  readonly attributes: readonly AskedAttribute[]
}

export interface AskedAttribute {
  readonly name: string
  /** False for an address or number that may be given as the name of the user instead. */
  readonly required: boolean
}

/** Undefined where users cannot sign up themselves. */
export function signUpForm(pool: UserPoolSettings, client: UserPoolClientSettings): SignUpForm | undefined {
  if (pool.AdminCreateUserConfig?.AllowAdminCreateUserOnly || !hasOwnUsers(client)) return undefined
  const names: readonly string[] = pool.UsernameAttributes ?? []
  const required = requiredAttributes(pool).filter((name) => mayWrite(client, name))
  const asked = required
    .filter((name) => names.length !== 1 || name !== names[0])
    .map((name) => ({ name, required: !names.includes(name) }))
  const attributes = [...asked, ...contactToVerify(pool, client, [...required, ...names])]
  const sure = attributes.filter((attribute) => attribute.required).map(({ name }) => name)
  const asksPassword = !(allowsFlow(client, 'USER_AUTH') && neverNeedsPassword(pool, names, sure))
  return { asksPassword, attributes }
}

/** Whether the pool's own users sign in at the client, and not those of identity providers alone. */
const hasOwnUsers = ({ SupportedIdentityProviders = [] }: UserPoolClientSettings): boolean =>
  SupportedIdentityProviders.length === 0 || SupportedIdentityProviders.includes('COGNITO')

/** An address or number that nobody requires, without which the user could not be confirmed. */
function contactToVerify(
  pool: UserPoolSettings,
  client: UserPoolClientSettings,
  given: readonly string[],
): AskedAttribute[] {
  const verified = autoVerified(pool)
  if (verified.some((name) => given.includes(name))) return []
  const name = (['email', 'phone_number'] as const).find((one) => verified.includes(one) && mayWrite(client, one))
  return name === undefined ? [] : [{ name, required: true }]
}

/** Whether a user can sign in by a code, whichever of the `names` that the pool takes the user gives. */
const neverNeedsPassword = (pool: UserPoolSettings, names: readonly string[], given: readonly string[]): boolean =>
  (names.length === 0 ? [[]] : names.map((name) => [name])).every((name) =>
    needsNoPassword(pool, Object.fromEntries([...name, ...given].map((one) => [one, 'given']))),
  )

export interface TypedSignUp {
  readonly username: string
  readonly password: string
  readonly attributes: Attributes
}

/** What was typed, without blanks around it and with numbers written as they are stored. */
export const readSignUp = (pool: UserPoolSettings, form: SignUpForm, posted: Parameters): TypedSignUp => ({
  username: tidyName(pool, posted.get('username')),
  password: posted.get('password') ?? '',
  attributes: Object.fromEntries(
    form.attributes.map(({ name }) => [name, tidyValue(name, posted.get(attributeField(name)))]),
  ),
})

/** Whether something that the page asks for was left empty. */
export const isIncomplete = (form: SignUpForm, { username, password, attributes }: TypedSignUp): boolean =>
  username === '' ||
  (form.asksPassword && password === '') ||
  form.attributes.some(({ name, required }) => required && !attributes[name])
