import {
  CreateIdentityProviderCommand,
  type CreateIdentityProviderCommandInput,
  DeleteUserPoolClientCommand,
  DescribeIdentityProviderCommand,
  GetIdentityProviderByIdentifierCommand,
  UpdateIdentityProviderCommand,
  type UpdateIdentityProviderCommandInput,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { engines, expectRefusal, makeClient, makePool, useTestServer } from '../../../test/harness.ts'
import { metadata } from '../../../test/saml-provider.ts'
import { GOOGLE, publishDiscovery, useUpstream } from '../../../test/upstream-providers.ts'

type Input = Omit<CreateIdentityProviderCommandInput, 'UserPoolId'>

const SAML: Input = {
  ProviderName: 'Corp',
  ProviderType: 'SAML',
  ProviderDetails: { MetadataFile: metadata(), EncryptedResponses: 'true' },
}

describe.each(engines)('UpdateIdentityProvider on %s', (engine) => {
  const server = useTestServer({ engine })
  const upstream = useUpstream()

  const make = async (input: Input, UserPoolId?: string) => {
    const id = UserPoolId ?? (await makePool(server)).Id
    await server.admin.send(new CreateIdentityProviderCommand({ UserPoolId: id, ...input }))
    return id
  }
  const update = (UserPoolId: string, ProviderName: string, more: Partial<UpdateIdentityProviderCommandInput> = {}) =>
    server.admin.send(new UpdateIdentityProviderCommand({ UserPoolId, ProviderName, ...more }))
  const shown = async (UserPoolId: string, ProviderName: string) =>
    (await server.admin.send(new DescribeIdentityProviderCommand({ UserPoolId, ProviderName }))).IdentityProvider
  const byIdentifier = async (UserPoolId: string, IdpIdentifier: string) =>
    (await server.admin.send(new GetIdentityProviderByIdentifierCommand({ UserPoolId, IdpIdentifier })))
      .IdentityProvider?.ProviderName

  it('lets a SAML provider begin sign-ins only where all its clients have providers of type SAML alone', async () => {
    const pool = await make(SAML)
    await make({ ...SAML, ProviderName: 'Partner' }, pool)
    const turnOn = () =>
      update(pool, 'Corp', {
        ProviderDetails: { MetadataFile: metadata(), EncryptedResponses: 'true', IDPInit: 'true' },
      })
    const clientWith = (SupportedIdentityProviders: string[]) =>
      makeClient(server, pool, { ClientName: 'shop', SupportedIdentityProviders })
    await clientWith(['Corp', 'Partner'])
    await clientWith(['COGNITO'])
    const { ClientId } = await clientWith(['Corp', 'COGNITO'])
    await expectRefusal(
      turnOn(),
      'InvalidParameterException',
      /^The app client shop has the provider Corp beside others/,
    )
    expect((await shown(pool, 'Corp'))?.ProviderDetails?.['IDPInit']).toBeUndefined()
    await server.admin.send(new DeleteUserPoolClientCommand({ UserPoolId: pool, ClientId }))
    await turnOn()
    expect((await shown(pool, 'Corp'))?.ProviderDetails?.['IDPInit']).toBe('true')
  })

  it('replaces the members that it names, and keeps the others', async () => {
    const pool = await make({ ...GOOGLE, AttributeMapping: { email: 'email' }, IdpIdentifiers: ['first'] })
    const before = await shown(pool, 'Google')
    const { IdentityProvider } = await update(pool, 'Google', { AttributeMapping: { name: 'name' } })
    expect(IdentityProvider).toEqual({
      ...before,
      AttributeMapping: { name: 'name', username: 'sub' },
      LastModifiedDate: expect.any(Date),
    })
    const ProviderDetails = { client_id: 'new-id', client_secret: 'new-secret', authorize_scopes: 'openid' }
    await update(pool, 'Google', { ProviderDetails })
    expect(await shown(pool, 'Google')).toMatchObject({
      ProviderDetails,
      AttributeMapping: { name: 'name' },
      IdpIdentifiers: ['first'],
    })
    await update(pool, 'Google', { IdpIdentifiers: [] })
    expect(await shown(pool, 'Google')).toMatchObject({ ProviderDetails, IdpIdentifiers: [] })
  })

  it('moves identifiers, which others may have from then on', async () => {
    const pool = await make({ ...GOOGLE, IdpIdentifiers: ['kept', 'left'] })
    await make({ ...SAML, IdpIdentifiers: ['corp'] }, pool)
    const message = (identifier: string) =>
      `The identifier ${identifier} belongs to another identity provider of user pool ${pool}.`
    await expectRefusal(
      update(pool, 'Corp', { IdpIdentifiers: ['new', 'left'] }),
      'InvalidParameterException',
      message('left'),
    )
    expect((await shown(pool, 'Corp'))?.IdpIdentifiers).toEqual(['corp'])
    await expectRefusal(byIdentifier(pool, 'new'), 'ResourceNotFoundException')
    await update(pool, 'Google', { IdpIdentifiers: ['kept', 'added'] })
    await update(pool, 'Corp', { IdpIdentifiers: ['left'] })
    expect(await byIdentifier(pool, 'left')).toBe('Corp')
    for (const identifier of ['kept', 'added']) expect(await byIdentifier(pool, identifier)).toBe('Google')
    await expectRefusal(byIdentifier(pool, 'corp'), 'ResourceNotFoundException')
  })

  it('keeps every identifier in one place when many updates come at once', async () => {
    const pool = await make({ ...GOOGLE, IdpIdentifiers: ['start'] })
    const sets = Array.from({ length: 6 }, (_, at) => [`a${at}`, 'shared', `b${at}`])
    await Promise.all(sets.map((IdpIdentifiers) => update(pool, 'Google', { IdpIdentifiers })))
    const last = (await shown(pool, 'Google'))?.IdpIdentifiers as string[]
    expect(sets).toContainEqual(last)
    for (const identifier of new Set(sets.flat()))
      if (last.includes(identifier)) expect(await byIdentifier(pool, identifier)).toBe('Google')
      else await expectRefusal(byIdentifier(pool, identifier), 'ResourceNotFoundException')
  })

  it('goes from a file of metadata to a URL, and keeps the key for encrypted responses', async () => {
    const pool = await make(SAML)
    const before = (await shown(pool, 'Corp'))?.ProviderDetails
    upstream.pages.set('/metadata', { body: metadata().replace('example.com/sso', 'example.com/other') })
    const MetadataURL = `${upstream.url}/metadata`
    await update(pool, 'Corp', { ProviderDetails: { MetadataURL, EncryptedResponses: 'true' } })
    expect((await shown(pool, 'Corp'))?.ProviderDetails).toEqual({
      MetadataURL,
      EncryptedResponses: 'true',
      SSORedirectBindingURI: 'https://idp.example.com/other',
      ActiveEncryptionCertificate: before?.['ActiveEncryptionCertificate'],
    })
    await update(pool, 'Corp', { ProviderDetails: { MetadataURL } })
    expect((await shown(pool, 'Corp'))?.ProviderDetails).not.toHaveProperty('ActiveEncryptionCertificate')
  })

  it('changes nothing when the new details are refused', async () => {
    const oidc_issuer = publishDiscovery(upstream, '/stays')
    const ProviderDetails = {
      client_id: 'id',
      client_secret: 'secret',
      authorize_scopes: 'openid',
      attributes_request_method: 'GET',
      oidc_issuer,
    }
    const pool = await make({ ProviderName: 'Partner', ProviderType: 'OIDC', ProviderDetails })
    const before = await shown(pool, 'Partner')
    for (const changed of [{ oidc_issuer: `${upstream.url}/none` }, { client_id: '' }, { authorize_scopes: 'email' }])
      await expectRefusal(
        update(pool, 'Partner', { ProviderDetails: { ...ProviderDetails, ...changed } }),
        'InvalidParameterException',
      )
    await expectRefusal(
      update(pool, 'Partner', { AttributeMapping: { 'custom:none': 'x' } }),
      'InvalidParameterException',
      'AttributeMapping contains invalid mapping: [custom:none]',
    )
    expect(await shown(pool, 'Partner')).toEqual(before)
    await update(pool, 'Partner', { AcrMapping: { Level1: 'urn:low', Level4: 'urn:high' } })
    expect((await shown(pool, 'Partner'))?.AcrMapping).toEqual({ Level1: 'urn:low', Level4: 'urn:high' })
  })

  it('ResourceNotFoundException for an unknown provider, and for one of another pool', async () => {
    const pool = await make(GOOGLE)
    const other = (await makePool(server)).Id
    await expectRefusal(
      update(other, 'Google'),
      'ResourceNotFoundException',
      'Identity provider Google does not exist.',
    )
    await expectRefusal(update(pool, 'Corp'), 'ResourceNotFoundException', 'Identity provider Corp does not exist.')
  })

  it('refuses an unsigned call', async () => {
    const UserPoolId = await make(GOOGLE)
    const input = { UserPoolId, ProviderName: 'Google', IdpIdentifiers: ['mallory'] }
    const { json } = await server.raw('UpdateIdentityProvider', input)
    expect(json.__type).toBe('MissingAuthenticationTokenException')
    expect((await shown(UserPoolId, 'Google'))?.IdpIdentifiers).toEqual([])
  })
})
