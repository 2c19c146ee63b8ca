import {
  DescribeIdentityPoolCommand,
  GetIdentityPoolRolesCommand,
  SetIdentityPoolRolesCommand,
  UpdateIdentityPoolCommand,
} from '@aws-sdk/client-cognito-identity'
import { describe, expect, it } from 'vitest'
import { engines, expectRefusal, useTestServer } from '../../../test/harness.ts'
import { makeIdentityPool, rawIdentityCall, useIdentityClient } from '../../../test/identity.ts'

describe.each(engines)('UpdateIdentityPool on %s', (engine) => {
  const server = useTestServer({ engine })
  const client = useIdentityClient(server)
  const update = (IdentityPoolId: string, settings: object = {}) =>
    client.send(
      new UpdateIdentityPoolCommand({
        IdentityPoolId,
        IdentityPoolName: 'new',
        AllowUnauthenticatedIdentities: false,
        ...settings,
      }),
    )
  const described = async (IdentityPoolId: string) => {
    const { $metadata, ...pool } = await client.send(new DescribeIdentityPoolCommand({ IdentityPoolId }))
    return pool
  }

  it('replaces: what is left out returns to its default, tags and roles stay', async () => {
    const { IdentityPoolId } = await makeIdentityPool(client, {
      AllowClassicFlow: true,
      SupportedLoginProviders: { 'www.amazon.com': 'amzn1.application' },
      IdentityPoolTags: { stage: 'test' },
    })
    const Roles = { authenticated: `arn:aws:iam::${server.accountId}:role/Auth` }
    await client.send(new SetIdentityPoolRolesCommand({ IdentityPoolId, Roles }))
    const { $metadata, ...answer } = await update(IdentityPoolId)
    const expected = {
      IdentityPoolId,
      IdentityPoolName: 'new',
      AllowUnauthenticatedIdentities: false,
      IdentityPoolTags: { stage: 'test' },
    }
    expect(answer).toEqual(expected)
    expect(await described(IdentityPoolId)).toEqual(expected)
    expect(await client.send(new GetIdentityPoolRolesCommand({ IdentityPoolId }))).toMatchObject({ Roles })
  })

  it('replaces tags when it is given some', async () => {
    const { IdentityPoolId } = await makeIdentityPool(client, { IdentityPoolTags: { stage: 'test' } })
    await update(IdentityPoolId, { IdentityPoolTags: { team: 'one' } })
    expect((await described(IdentityPoolId)).IdentityPoolTags).toEqual({ team: 'one' })
  })

  it('sets a developer provider once, and never changes it', async () => {
    const { IdentityPoolId } = await makeIdentityPool(client)
    await update(IdentityPoolId, { DeveloperProviderName: 'login.app' })
    await update(IdentityPoolId, { DeveloperProviderName: 'login.app' })
    const text = 'The developer provider name cannot be changed once it is set.'
    await expectRefusal(update(IdentityPoolId, { DeveloperProviderName: 'other' }), 'InvalidParameterException', text)
    await expectRefusal(update(IdentityPoolId), 'InvalidParameterException', text)
    expect((await described(IdentityPoolId)).DeveloperProviderName).toBe('login.app')
  })

  it('writes or refuses each of several concurrent updates', async () => {
    const { IdentityPoolId } = await makeIdentityPool(client)
    const names = Array.from({ length: 10 }, (_, n) => `rival ${n}`)
    const results = await Promise.allSettled(
      names.map((IdentityPoolName) => update(IdentityPoolId, { IdentityPoolName })),
    )
    const refused = results.filter((result) => result.status === 'rejected')
    for (const { reason } of refused) {
      expect(reason.name).toBe('ConcurrentModificationException')
      expect(reason.message).toBe(`IdentityPool '${IdentityPoolId}' is being changed by another request.`)
    }
    expect(refused.length).toBeLessThan(10)
    expect(names).toContain((await described(IdentityPoolId)).IdentityPoolName)
  })

  it('refuses an unknown pool', () => {
    const id = 'us-east-1:11111111-1111-4111-8111-111111111111'
    return expectRefusal(update(id), 'ResourceNotFoundException', `IdentityPool '${id}' not found.`)
  })

  it('refuses invalid providers and too many', async () => {
    const { IdentityPoolId } = await makeIdentityPool(client)
    await expectRefusal(
      update(IdentityPoolId, { SupportedLoginProviders: { constructor: 'x' } }),
      'InvalidParameterException',
      'constructor is not a supported login provider.',
    )
  })

  it('refuses callers that do not sign', async () => {
    const answer = await rawIdentityCall(server, 'UpdateIdentityPool', {})
    expect(answer.json.__type).toBe('MissingAuthenticationTokenException')
  })
})
