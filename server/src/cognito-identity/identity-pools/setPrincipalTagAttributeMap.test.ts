import {
  GetPrincipalTagAttributeMapCommand,
  SetPrincipalTagAttributeMapCommand,
} from '@aws-sdk/client-cognito-identity'
import { describe, expect, it } from 'vitest'
import { engines, expectRefusal, useTestServer } from '../../../test/harness.ts'
import { makeIdentityPool, rawIdentityCall, useIdentityClient } from '../../../test/identity.ts'

describe.each(engines)('SetPrincipalTagAttributeMap on %s', (engine) => {
  const server = useTestServer({ engine })
  const client = useIdentityClient(server)
  const set = async (IdentityPoolId: string, IdentityProviderName: string, map: object) => {
    const { $metadata, ...answer } = await client.send(
      new SetPrincipalTagAttributeMapCommand({ IdentityPoolId, IdentityProviderName, ...map }),
    )
    return answer
  }
  const get = async (IdentityPoolId: string, IdentityProviderName: string) => {
    const { $metadata, ...answer } = await client.send(
      new GetPrincipalTagAttributeMapCommand({ IdentityPoolId, IdentityProviderName }),
    )
    return answer
  }

  const userPool = 'cognito-idp.us-east-1.amazonaws.com/us-east-1_a'
  const saml = (name: string) => `arn:aws:iam::${server.accountId}:saml-provider/${name}`
  const withProviders = () =>
    makeIdentityPool(client, {
      CognitoIdentityProviders: [{ ProviderName: userPool, ClientId: 'client' }],
      SupportedLoginProviders: { 'accounts.google.com': '1', 'www.amazon.com': '2' },
      SamlProviderARNs: Array.from({ length: 10 }, (_, n) => saml(`p${n}`)),
    })

  it('keeps a map for each provider and shows it', async () => {
    const { IdentityPoolId } = await withProviders()
    const one = { UseDefaults: false, PrincipalTags: { team: 'custom:team', costCenter: 'cc' } }
    expect(await set(IdentityPoolId, 'accounts.google.com', one)).toEqual({
      IdentityPoolId,
      IdentityProviderName: 'accounts.google.com',
      ...one,
    })
    await set(IdentityPoolId, 'www.amazon.com', { UseDefaults: true })
    expect(await get(IdentityPoolId, 'accounts.google.com')).toMatchObject(one)
    expect(await get(IdentityPoolId, 'www.amazon.com')).toMatchObject({ UseDefaults: true, PrincipalTags: {} })
  })

  it('loses none of several concurrent changes', async () => {
    const { IdentityPoolId } = await withProviders()
    const providers = Array.from({ length: 10 }, (_, n) => saml(`p${n}`))
    await Promise.all(providers.map((name) => set(IdentityPoolId, name, { PrincipalTags: { tag: name } })))
    for (const name of providers) expect((await get(IdentityPoolId, name)).PrincipalTags).toEqual({ tag: name })
  })

  it('refuses providers that the pool does not have, such as __proto__', async () => {
    const { IdentityPoolId } = await makeIdentityPool(client)
    expect(await get(IdentityPoolId, 'constructor')).toMatchObject({ UseDefaults: false, PrincipalTags: {} })
    for (const name of ['__proto__', 'toString', 'accounts.google.com', userPool, saml('p0')]) {
      const text = `(${name}) is not a valid RoleMapping ProviderName or is not a configured provider.`
      await expectRefusal(set(IdentityPoolId, name, { UseDefaults: true }), 'InvalidParameterException', text)
    }
    const having = (await withProviders()).IdentityPoolId
    for (const name of ['accounts.google.com', userPool, saml('p0')])
      expect(await set(having, name, { UseDefaults: true })).toMatchObject({ UseDefaults: true })
  })

  it('refuses invalid tags', async () => {
    const { IdentityPoolId } = await withProviders()
    const refuse = (PrincipalTags: Record<string, string>, text: string) =>
      expectRefusal(set(IdentityPoolId, 'www.amazon.com', { PrincipalTags }), 'InvalidParameterException', text)
    await refuse({ 'aws:x': 'y' }, 'The principal tag key aws:x is reserved.')
    await refuse(
      { Team: 'a', team: 'b' },
      'Duplicate principal tag keys found. Please note that Tag keys are case insensitive.',
    )
    await refuse(
      { ['ä'.repeat(128)]: 'ä'.repeat(103) },
      `The principal tag ${'ä'.repeat(128)} and its attribute are longer than 460 bytes together.`,
    )
    await set(IdentityPoolId, 'www.amazon.com', { PrincipalTags: { ['ä'.repeat(128)]: 'ä'.repeat(102) } })
    await expectRefusal(
      set(IdentityPoolId, 'www.amazon.com', {
        PrincipalTags: Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`k${n}`, 'v'])),
      }),
      'ValidationException',
      /less than or equal to 50$/,
    )
  })

  it('refuses callers that do not sign', async () => {
    const answer = await rawIdentityCall(server, 'SetPrincipalTagAttributeMap', {})
    expect(answer.json.__type).toBe('MissingAuthenticationTokenException')
  })
})
