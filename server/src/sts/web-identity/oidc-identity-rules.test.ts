import { describe, expect, test } from 'vitest'
import { oidcIdentity } from './oidc-identity-rules.ts'

const provider = {
  principal: 'arn:aws:iam::123456789012:oidc-provider/id.example/x',
  url: 'id.example/x',
  clientIds: ['one', 'two'],
}
const token = (claims: Record<string, unknown>, audiences: string[], authorizedParty?: string) => ({
  claims: { sub: 'ada', aud: audiences, ...claims },
  subject: 'ada',
  audiences,
  ...(authorizedParty !== undefined && { authorizedParty }),
})

describe('oidcIdentity', () => {
  test('claims are condition keys under host and path', () => {
    const claims = {
      email: 'a@b.example',
      amr: ['pwd', 'otp'],
      email_verified: true,
      level: 3,
      nested: { a: 1 },
      no: null,
    }
    expect(oidcIdentity(token(claims, ['one']), provider)).toEqual({
      federatedPrincipal: provider.principal,
      keys: {
        'id.example/x:sub': ['ada'],
        'id.example/x:aud': ['one'],
        'id.example/x:email': ['a@b.example'],
        'id.example/x:amr': ['pwd', 'otp'],
        'id.example/x:email_verified': ['true'],
        'id.example/x:level': ['3'],
      },
      subject: 'ada',
      audience: 'one',
      tags: {},
      transitiveTagKeys: [],
      sourceIdentity: undefined,
    })
  })

  test('a claim in another case does not replace the one in lower case', () => {
    const claims = { SUB: 'root', Aud: 'other', Email: 'x@y.example', email: 'a@b.example', Team: 'blue' }
    const identity = oidcIdentity(token(claims, ['one']), provider)
    expect(Object.keys('keys' in identity ? identity.keys : {}).sort()).toEqual([
      'id.example/x:Team',
      'id.example/x:aud',
      'id.example/x:email',
      'id.example/x:sub',
    ])
  })

  test.each([
    ['the client of the provider', ['other', 'two'], undefined, 'two', ['two']],
    ['several of them', ['two', 'one'], undefined, 'two', ['two', 'one']],
    ['the authorized party before the audience', ['other'], 'one', 'one', ['one']],
  ])('the audience is %s', (_title, audiences, azp, audience, key) => {
    const identity = oidcIdentity(token({}, audiences, azp), provider)
    expect(identity).toMatchObject({ audience, keys: { 'id.example/x:aud': key } })
  })

  test.each([
    ['another audience', ['other'], undefined],
    ['no audience', [], undefined],
    ['another authorized party', ['one'], 'other'],
    ['case of letters', ['ONE'], undefined],
  ])('refuses %s', (_title, audiences, azp) => {
    expect(oidcIdentity(token({}, audiences, azp), provider)).toEqual({ refused: 'audience' })
  })

  test('refuses invalid tags', () => {
    const claims = { 'https://aws.amazon.com/tags': 'x' }
    expect(oidcIdentity(token(claims, ['one']), provider)).toEqual({ refused: 'tags' })
  })
})
