import { describe, expect, it } from 'vitest'
import type { UserPoolClientSettings } from '../cognito-idp/user-pool-clients/client-store.ts'
import { standardAttributes } from '../cognito-idp/user-pools/attribute-schema.ts'
import type { UserPoolSettings } from '../cognito-idp/user-pools/pool-settings.ts'
import { Parameters } from '../http/forms.ts'
import { isIncomplete, readSignUp, type SignUpForm, signUpForm } from './sign-up-form.ts'

interface Case {
  about: string
  pool?: Partial<UserPoolSettings>
  required?: readonly string[]
  client?: Partial<UserPoolClientSettings>
  /** Names of what is asked for, with `?` where it may be left empty, and whether a password is. */
  asks: string
}

const byCode: Partial<UserPoolSettings> = {
  Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP'] } },
}
const choice: Partial<UserPoolClientSettings> = { ExplicitAuthFlows: ['ALLOW_USER_AUTH'] }

const cases: readonly Case[] = [
  { about: 'a plain pool', asks: 'password' },
  {
    about: 'required attributes in the order of the schema',
    required: ['address', 'name'],
    asks: 'name address password',
  },
  {
    about: 'an address that is the name',
    pool: { UsernameAttributes: ['email'] },
    required: ['email'],
    asks: 'password',
  },
  {
    about: 'an address that may be the name',
    pool: { UsernameAttributes: ['email', 'phone_number'] },
    required: ['email', 'name'],
    asks: 'name email? password',
  },
  { about: 'an address to send the code to', pool: { AutoVerifiedAttributes: ['email'] }, asks: 'email password' },
  {
    about: 'no second contact where one is verified',
    pool: { AutoVerifiedAttributes: ['email', 'phone_number'] },
    required: ['phone_number'],
    asks: 'phone_number password',
  },
  {
    about: 'nothing that the client may not write',
    pool: { AutoVerifiedAttributes: ['email'] },
    client: { WriteAttributes: ['name'] },
    asks: 'password',
  },
  { about: 'no password where codes do', pool: byCode, required: ['email'], client: choice, asks: 'email' },
  {
    about: 'a password where the client has no choice of factors',
    pool: byCode,
    required: ['email'],
    asks: 'email password',
  },
  { about: 'a password where a user may have no address', pool: byCode, client: choice, asks: 'password' },
  {
    about: 'a password where a second factor is required',
    pool: { ...byCode, MfaConfiguration: 'ON' },
    required: ['email'],
    client: choice,
    asks: 'email password',
  },
  {
    about: 'a password where the name may be a number that no code goes to',
    pool: { ...byCode, UsernameAttributes: ['email', 'phone_number'] },
    client: choice,
    asks: 'password',
  },
]

const asked = ({ pool, required = [], client = {} }: Omit<Case, 'asks' | 'about'>): SignUpForm | undefined => {
  const SchemaAttributes = standardAttributes.map((one) => ({
    ...one,
    Required: required.includes(one.Name as string),
  }))
  return signUpForm({ SchemaAttributes, ...pool } as UserPoolSettings, client as UserPoolClientSettings)
}

describe('the sign-up page asks for', () => {
  it.each(cases)('$about', (one) => {
    const form = asked(one) as SignUpForm
    const names = form.attributes.map(({ name, required }) => `${name}${required ? '' : '?'}`)
    expect([...names, ...(form.asksPassword ? ['password'] : [])].join(' ')).toBe(one.asks)
  })

  it('nothing where administrators or other providers alone make users', () => {
    expect(asked({ pool: { AdminCreateUserConfig: { AllowAdminCreateUserOnly: true } } })).toBeUndefined()
    expect(asked({ client: { SupportedIdentityProviders: ['Corporate'] } })).toBeUndefined()
    expect(asked({ client: { SupportedIdentityProviders: ['Corporate', 'COGNITO'] } })).toBeDefined()
  })
})

describe('what was typed', () => {
  const form = asked({ required: ['phone_number', 'address'] }) as SignUpForm
  const typed = (fields: Record<string, string>, pool: Partial<UserPoolSettings> = {}) =>
    readSignUp(pool as UserPoolSettings, form, new Parameters(Object.entries(fields)))

  it('is read without blanks around it, numbers without what is put between digits', () => {
    const byNumber: Partial<UserPoolSettings> = { UsernameAttributes: ['phone_number'] }
    const all = {
      username: ' +1 (415) 555-0132 ',
      password: ' kept ',
      'requiredAttributes[phone_number]': '+49 170/123-45.67',
      'requiredAttributes[address]': 'Street 1\r\nTown',
      'requiredAttributes[email]': 'not@asked.example',
    }
    const read = typed(all, byNumber)
    expect(read).toEqual({
      username: '+14155550132',
      password: ' kept ',
      attributes: { phone_number: '+491701234567', address: 'Street 1\nTown' },
    })
    expect(isIncomplete(form, read)).toBe(false)
    expect(typed({ username: ' a-b (c) ' }, byNumber).username).toBe('a-b (c)')
    expect(typed({ username: '+1-2' }).username).toBe('+1-2')
  })

  it('is incomplete when anything is missing', () => {
    const all = {
      username: 'a',
      password: 'b',
      'requiredAttributes[phone_number]': '+1',
      'requiredAttributes[address]': 'c',
    }
    for (const name of Object.keys(all))
      expect(isIncomplete(form, typed({ ...all, [name]: ' '.repeat(name === 'password' ? 0 : 2) }))).toBe(true)
  })
})
