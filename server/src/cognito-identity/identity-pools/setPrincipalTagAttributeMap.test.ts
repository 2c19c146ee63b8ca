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

  it('keeps a map for each provider and shows it', async () => {
    const { IdentityPoolId } = await makeIdentityPool(client)
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
    const { IdentityPoolId } = await makeIdentityPool(client)
    const providers = Array.from({ length: 10 }, (_, n) => `p${n}`)
    await Promise.all(providers.map((name) => set(IdentityPoolId, name, { PrincipalTags: { tag: name } })))
    for (const name of providers) expect((await get(IdentityPoolId, name)).PrincipalTags).toEqual({ tag: name })
  })

  it('accepts names such as __proto__', async () => {
    const { IdentityPoolId } = await makeIdentityPool(client)
    expect(await get(IdentityPoolId, 'constructor')).toMatchObject({ UseDefaults: false, PrincipalTags: {} })
    await set(IdentityPoolId, '__proto__', { UseDefaults: true })
    expect(await get(IdentityPoolId, '__proto__')).toMatchObject({ UseDefaults: true })
    expect(await get(IdentityPoolId, 'toString')).toMatchObject({ UseDefaults: false })
  })

  it('refuses invalid tags', async () => {
    const { IdentityPoolId } = await makeIdentityPool(client)
    const refuse = (PrincipalTags: Record<string, string>, text: string) =>
      expectRefusal(set(IdentityPoolId, 'p', { PrincipalTags }), 'InvalidParameterException', text)
    await refuse({ 'aws:x': 'y' }, 'The principal tag key aws:x is reserved.')
    await refuse(
      { Team: 'a', team: 'b' },
      'Duplicate principal tag keys found. Please note that Tag keys are case insensitive.',
    )
    await refuse(
      { ['ä'.repeat(128)]: 'ä'.repeat(103) },
      `The principal tag ${'ä'.repeat(128)} and its attribute are longer than 460 bytes together.`,
    )
    await set(IdentityPoolId, 'p', { PrincipalTags: { ['ä'.repeat(128)]: 'ä'.repeat(102) } })
    await expectRefusal(
      set(IdentityPoolId, 'p', {
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
