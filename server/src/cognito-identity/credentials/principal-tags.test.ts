import { describe, expect, it } from 'vitest'
import type { IdentityPoolSettings, PrincipalTagMap } from '../identity-pools/pool-settings.ts'
import { principalTags } from './principal-tags.ts'

const settings = (principalTagMaps?: Record<string, PrincipalTagMap>): IdentityPoolSettings => ({
  IdentityPoolName: 'pool',
  AllowUnauthenticatedIdentities: false,
  ...(principalTagMaps && { principalTagMaps }),
})
const login = (name: string, claims: Record<string, unknown> = {}) => ({
  claims,
  tagMapNames: [`arn:${name}`, name],
  defaultTags: { client: `client of ${name}`, username: `user of ${name}` },
})
const map = (PrincipalTags: Record<string, string>): PrincipalTagMap => ({ UseDefaults: false, PrincipalTags })
const defaults: PrincipalTagMap = { UseDefaults: true, PrincipalTags: {} }

describe('principal tags', () => {
  it('are none without a map', () => {
    expect(principalTags(settings(), [login('a', { sub: 'x' })])).toEqual({})
    expect(principalTags(settings({ b: defaults, a: map({}) }), [login('a')])).toEqual({})
    expect(principalTags(settings({ a: defaults }), [])).toEqual({})
  })

  it('are client and user by default, whatever else is mapped', () => {
    const both = { UseDefaults: true, PrincipalTags: { team: 'team' } }
    expect(principalTags(settings({ a: both }), [login('a', { team: 'blue' })])).toEqual({
      client: 'client of a',
      username: 'user of a',
    })
    const nameless = { ...login('a'), defaultTags: { client: 'c', username: undefined } }
    expect(principalTags(settings({ a: defaults }), [nameless])).toEqual({ client: 'c' })
  })

  it('are the claims that are mapped, if they have one value', () => {
    const claims = {
      text: 't',
      number: 5,
      yes: true,
      empty: '',
      one: ['x'],
      many: ['x', 'y'],
      none: null,
      of: { x: 1 },
    }
    const keys = [...Object.keys(claims), 'missing']
    const tags = principalTags(settings({ a: map(Object.fromEntries(keys.map((key) => [`tag-${key}`, key]))) }), [
      login('a', claims),
    ])
    expect(tags).toEqual({ 'tag-text': 't', 'tag-number': '5', 'tag-yes': 'true', 'tag-empty': '', 'tag-one': 'x' })
  })

  it('are looked up by the ARN of a provider first, in the order of logins', () => {
    const maps = settings({ 'arn:a': map({ by: 'arn' }), a: map({ by: 'name' }), b: map({ by: 'name' }) })
    const claims = { arn: 'the ARN', name: 'the name' }
    expect(principalTags(maps, [login('a', claims)])).toEqual({ by: 'the ARN' })
    expect(principalTags(maps, [login('c', claims), login('b', claims), login('a', claims)])).toEqual({
      by: 'the name',
    })
  })

  it('accept names that every object inherits', () => {
    const hostile = JSON.parse('{"__proto__":"__proto__","constructor":"constructor"}') as Record<string, string>
    const own = principalTags(settings({ a: map(hostile) }), [login('a', JSON.parse('{"__proto__":"x"}'))])
    expect(Object.entries(own)).toEqual([['__proto__', 'x']])
    expect(principalTags(settings({ a: map(hostile) }), [login('a')])).toEqual({})
    const named = JSON.parse('{"__proto__":{"UseDefaults":true,"PrincipalTags":{}}}') as Record<string, PrincipalTagMap>
    expect(principalTags(settings(named), [login('a')])).toEqual({})
  })
})
