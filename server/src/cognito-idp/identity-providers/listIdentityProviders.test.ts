import { CreateIdentityProviderCommand, ListIdentityProvidersCommand } from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { engines, expectRefusal, makePool, useTestServer } from '../../../test/harness.ts'
import { metadata } from '../../../test/saml-provider.ts'
import { GOOGLE } from '../../../test/upstream-providers.ts'

describe.each(engines)('ListIdentityProviders on %s', (engine) => {
  const server = useTestServer({ engine })

  const list = (UserPoolId: string, more = {}) =>
    server.admin.send(new ListIdentityProvidersCommand({ UserPoolId, ...more }))
  const makeSaml = (UserPoolId: string, ProviderName: string) =>
    server.admin.send(
      new CreateIdentityProviderCommand({
        UserPoolId,
        ProviderName,
        ProviderType: 'SAML',
        ProviderDetails: { MetadataFile: metadata() },
      }),
    )

  it('lists those of the pool in the order of names, without their details, page by page', async () => {
    const { Id } = await makePool(server)
    await makeSaml((await makePool(server)).Id, 'Other')
    expect((await list(Id)).Providers).toEqual([])
    for (const name of ['corp', 'Beta']) await makeSaml(Id, name)
    await server.admin.send(new CreateIdentityProviderCommand({ UserPoolId: Id, ...GOOGLE }))
    const first = await list(Id, { MaxResults: 2 })
    const times = { LastModifiedDate: expect.any(Date), CreationDate: expect.any(Date) }
    expect(first.Providers).toEqual([
      { ProviderName: 'Beta', ProviderType: 'SAML', ...times },
      { ProviderName: 'Google', ProviderType: 'Google', ...times },
    ])
    const second = await list(Id, { MaxResults: 2, NextToken: first.NextToken })
    expect(second.Providers?.map(({ ProviderName }) => ProviderName)).toEqual(['corp'])
    expect(second.NextToken).toBeUndefined()
    expect((await list(Id, { MaxResults: 0 })).Providers).toHaveLength(3)
  })

  it('has at most 50 on a page', async () => {
    const { Id } = await makePool(server)
    for (let from = 0; from < 51; from += 17)
      await Promise.all(Array.from({ length: 17 }, (_, at) => makeSaml(Id, `Corp-${from + at}`)))
    const first = await list(Id, { MaxResults: 60 })
    expect(first.Providers).toHaveLength(50)
    expect((await list(Id, { MaxResults: 60, NextToken: first.NextToken })).Providers).toHaveLength(1)
  })

  it('refuses a page that there is not, and an unsigned call', async () => {
    const UserPoolId = (await makePool(server)).Id
    await expectRefusal(list(UserPoolId, { MaxResults: 61 }), 'InvalidParameterException', /'maxResults'/)
    const { json } = await server.raw('ListIdentityProviders', { UserPoolId })
    expect(json.__type).toBe('MissingAuthenticationTokenException')
  })
})
