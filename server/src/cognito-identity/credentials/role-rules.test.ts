import { describe, expect, it } from 'vitest'
import type { MappingRule, RoleMapping } from '../../contract/cognito-identity.types.ts'
import { chooseRole, guestRole, type RoleRequest } from './role-rules.ts'

const Roles = { authenticated: 'default', unauthenticated: 'guest' }
type Claims = Record<string, unknown>

const choose = (mapping: RoleMapping | undefined, claims: Claims, more: Partial<RoleRequest> = {}) => {
  const choice = chooseRole({
    settings: { Roles, ...(mapping && { RoleMappings: { provider: mapping } }) },
    logins: [{ claims, mappingNames: ['other', 'provider'] }],
    ...more,
  })
  return choice.refused ?? choice.roleArn
}

describe('without a mapping', () => {
  it.each<[situation: string, request: Partial<RoleRequest>, outcome: string]>([
    ['the pool’s role', {}, 'default'],
    ['no role', { settings: {} }, 'no-role'],
    ['only a role for guests', { settings: { Roles: { unauthenticated: 'guest' } } }, 'no-role'],
    ['a token of the pool', { logins: [] }, 'default'],
    ['the same role, asked for', { customRoleArn: 'default' }, 'default'],
    ['another role', { customRoleArn: 'guest' }, 'custom-role'],
    ['a role although the pool has none', { settings: {}, customRoleArn: 'x' }, 'custom-role'],
    ['a token of the pool and another role', { logins: [], customRoleArn: 'x' }, 'custom-role'],
    [
      'a role of the assertion',
      { logins: [{ claims: {}, mappingNames: ['saml'], ownRoles: ['a', 'b'] }], customRoleArn: 'b' },
      'b',
    ],
    [
      'a role that is not of the assertion',
      { logins: [{ claims: {}, mappingNames: ['saml'], ownRoles: ['a'] }], customRoleArn: 'b' },
      'custom-role',
    ],
    [
      'an assertion with roles, none asked for',
      { logins: [{ claims: {}, mappingNames: ['saml'], ownRoles: ['a'] }] },
      'default',
    ],
    [
      'names that objects have',
      { settings: { Roles, RoleMappings: {} }, logins: [{ claims: {}, mappingNames: ['constructor', '__proto__'] }] },
      'default',
    ],
  ])('%s', (_situation, request, outcome) => expect(choose(undefined, {}, request)).toBe(outcome))
})

describe('by the token', () => {
  const deny: RoleMapping = { Type: 'Token', AmbiguousRoleResolution: 'Deny' }
  const fallBack: RoleMapping = { Type: 'Token', AmbiguousRoleResolution: 'AuthenticatedRole' }
  it.each<[situation: string, mapping: RoleMapping, claims: Claims, custom: string | undefined, outcome: string]>([
    ['preferred role', deny, { 'cognito:roles': ['a', 'b'], 'cognito:preferred_role': 'b' }, undefined, 'b'],
    ['one role', deny, { 'cognito:roles': ['a'] }, undefined, 'a'],
    ['one role, twice', deny, { 'cognito:roles': ['a', 'a'] }, undefined, 'a'],
    ['two roles', deny, { 'cognito:roles': ['a', 'b'] }, undefined, 'ambiguous'],
    ['two roles, default', fallBack, { 'cognito:roles': ['a', 'b'] }, undefined, 'default'],
    ['no role', deny, {}, undefined, 'ambiguous'],
    ['no role, default', fallBack, {}, undefined, 'default'],
    ['text with commas', deny, { 'cognito:roles': ' a, ' }, undefined, 'a'],
    ['text with commas, two', deny, { 'cognito:roles': 'a,b' }, undefined, 'ambiguous'],
    ['roles that are no texts', deny, { 'cognito:roles': [1, null, {}] }, undefined, 'ambiguous'],
    ['an empty preferred role', deny, { 'cognito:roles': ['a'], 'cognito:preferred_role': '' }, undefined, 'a'],
    ['a role of the list, asked for', deny, { 'cognito:roles': ['a', 'b'], 'cognito:preferred_role': 'b' }, 'a', 'a'],
    ['a role that is not in the list', fallBack, { 'cognito:roles': ['a'] }, 'b', 'custom-role'],
    ['the default role, asked for', fallBack, { 'cognito:roles': ['a'] }, 'default', 'custom-role'],
    ['no resolution', { Type: 'Token' }, {}, undefined, 'ambiguous'],
  ])('%s', (_situation, mapping, claims, customRoleArn, outcome) =>
    expect(choose(mapping, claims, customRoleArn === undefined ? {} : { customRoleArn })).toBe(outcome),
  )

  it('refuses when the pool has no authenticated role', () =>
    expect(choose(fallBack, {}, { settings: { RoleMappings: { provider: fallBack } } })).toBe('no-role'))
})

describe('by rules', () => {
  const rules = (
    ...all: [claim: string, type: MappingRule['MatchType'], value: string, role: string][]
  ): RoleMapping => ({
    Type: 'Rules',
    AmbiguousRoleResolution: 'Deny',
    RulesConfiguration: {
      Rules: all.map(([Claim, MatchType, Value, RoleARN]) => ({ Claim, MatchType, Value, RoleARN })),
    },
  })
  it.each<[situation: string, type: MappingRule['MatchType'], value: string, claim: unknown, matches: boolean]>([
    ['equal', 'Equals', 'x', 'x', true],
    ['not equal', 'Equals', 'x', 'xy', false],
    ['case counts', 'Equals', 'x', 'X', false],
    ['no wildcard', 'Equals', '*', 'x', false],
    ['starts', 'StartsWith', 'ab', 'abc', true],
    ['does not start', 'StartsWith', 'bc', 'abc', false],
    ['contains', 'Contains', 'b', 'abc', true],
    ['does not contain', 'Contains', 'x', 'abc', false],
    ['differs', 'NotEqual', 'x', 'y', true],
    ['does not differ', 'NotEqual', 'x', 'x', false],
    ['no claim', 'Equals', 'undefined', undefined, false],
    ['no claim to differ', 'NotEqual', 'x', undefined, false],
    ['null is no claim', 'NotEqual', 'x', null, false],
    ['a number', 'Equals', '5', 5, true],
    ['a boolean', 'Equals', 'true', true, true],
    ['a member of a list', 'Contains', 'admin', ['users', 'admin'], true],
    ['no member of a list', 'Contains', 'owner', ['users', 'admin'], false],
    ['a list of one is that one', 'Equals', 'admin', ['admin'], true],
    ['a list of one that differs', 'NotEqual', 'admin', ['admin'], false],
    ['a list of several as its text', 'Equals', '["a","b"]', ['a', 'b'], true],
    ['a list of several is not its first', 'Equals', 'a', ['a', 'b'], false],
    ['an object as its text', 'Contains', 'Berlin', { formatted: 'Berlin' }, true],
  ])('%s', (_situation, type, value, claim, matches) => {
    const claims = claim === undefined ? {} : { it: claim }
    expect(choose(rules(['it', type, value, 'role']), claims)).toBe(matches ? 'role' : 'ambiguous')
  })

  it('apply the first that matches', () => {
    const mapping = rules(['a', 'Equals', '1', 'first'], ['b', 'Equals', '1', 'second'], ['b', 'Equals', '1', 'third'])
    expect(choose(mapping, { a: '1', b: '1' })).toBe('first')
    expect(choose(mapping, { b: '1' })).toBe('second')
    expect(choose(mapping, { b: '1' }, { customRoleArn: 'third' })).toBe('third')
    expect(choose(mapping, { b: '1' }, { customRoleArn: 'first' })).toBe('custom-role')
    expect(choose(mapping, {}, { customRoleArn: 'default' })).toBe('custom-role')
  })

  it('do not match claims such as constructor that every object inherits', () => {
    for (const name of ['constructor', '__proto__', 'toString'])
      expect(choose(rules([name, 'NotEqual', 'x', 'role']), {})).toBe('ambiguous')
    expect(choose(rules(['__proto__', 'Equals', 'x', 'role']), JSON.parse('{"__proto__":"x"}'))).toBe('role')
  })
})

describe('of several logins', () => {
  const one: RoleMapping = { Type: 'Token', AmbiguousRoleResolution: 'Deny' }
  it('the first with a mapping counts', () => {
    const settings = { Roles, RoleMappings: { one, two: one } }
    const login = (name: string, role: string) => ({ mappingNames: [name], claims: { 'cognito:roles': [role] } })
    const choice = (...logins: RoleRequest['logins']) => chooseRole({ settings, logins })
    expect(choice(login('none', 'x'), login('two', 'b'), login('one', 'a'))).toEqual({ roleArn: 'b' })
    expect(choice(login('none', 'x'))).toEqual({ roleArn: 'default' })
  })
})

it('gives guests their role', () => {
  expect(guestRole({ Roles })).toBe('guest')
  expect(guestRole({ Roles: { authenticated: 'default' } })).toBeUndefined()
  expect(guestRole({})).toBeUndefined()
})
