import { CreateSAMLProviderCommand, ListSAMLProvidersCommand } from '@aws-sdk/client-iam'
import { describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { useTestServer } from '../../../test/harness.ts'
import { expectDenied } from '../../../test/iam.ts'
import { metadata } from '../../../test/saml-provider.ts'

describe('ListSAMLProviders', () => {
  const server = useTestServer()
  const list = async () => (await iamClient(server).send(new ListSAMLProvidersCommand({}))).SAMLProviderList

  it('lists all in the order of their names, without their metadata', async () => {
    expect(await list()).toEqual([])
    const SAMLMetadataDocument = metadata({ attributes: 'validUntil="2033-02-01T00:00:00Z"' })
    for (const Name of ['b', 'C', 'a'])
      await iamClient(server).send(new CreateSAMLProviderCommand({ Name, SAMLMetadataDocument }))
    expect(await list()).toEqual(
      ['a', 'b', 'C'].map((name) => ({
        Arn: `arn:aws:iam::${server.accountId}:saml-provider/${name}`,
        ValidUntil: new Date('2033-02-01T00:00:00Z'),
        CreateDate: expect.any(Date),
      })),
    )
  })

  it('refuses callers without permission', async () => {
    await expectDenied(server, (iam) => iam.send(new ListSAMLProvidersCommand({})), 'iam:ListSAMLProviders', '*')
  })
})
