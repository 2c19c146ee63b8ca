import { CreateSAMLProviderCommand, GetSAMLProviderCommand } from '@aws-sdk/client-iam'
import { describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied } from '../../../test/iam.ts'
import { metadata } from '../../../test/saml-provider.ts'

describe('GetSAMLProvider', () => {
  const server = useTestServer()
  const create = async (Name: string, SAMLMetadataDocument = metadata()) =>
    (await iamClient(server).send(new CreateSAMLProviderCommand({ Name, SAMLMetadataDocument })))
      .SAMLProviderArn as string
  const get = (SAMLProviderArn: string) => iamClient(server).send(new GetSAMLProviderCommand({ SAMLProviderArn }))

  it('shows the metadata unchanged, and a validity of a century when they give none', async () => {
    const SAMLMetadataDocument = metadata({ attributes: 'Extra="&#13;&amp;ü😀"' })
    const { $metadata, ...answer } = await get(await create('Corp', SAMLMetadataDocument))
    expect(answer).toEqual({
      SAMLProviderUUID: expect.stringMatching(/^[A-Z0-9]{22}$/),
      SAMLMetadataDocument,
      CreateDate: expect.any(Date),
      ValidUntil: expect.any(Date),
      Tags: [],
      AssertionEncryptionMode: 'Allowed',
      PrivateKeyList: [],
    })
    expect(answer.ValidUntil?.getUTCFullYear()).toBe((answer.CreateDate?.getUTCFullYear() as number) + 100)
  })

  it('shows the earliest validUntil of the metadata', async () => {
    const attributes = 'validUntil="2033-02-01T00:00:00Z"'
    const both = metadata({ attributes, role: 'validUntil="2031-01-02T03:04:05.678Z"' })
    expect((await get(await create('Ending', both))).ValidUntil).toEqual(new Date('2031-01-02T03:04:05Z'))
  })

  it('NoSuchEntity for another name, case or account', async () => {
    for (const [account, name] of [
      [server.accountId, 'None'],
      [server.accountId, 'corp'],
      ['111122223333', 'Corp'],
    ]) {
      const arn = `arn:aws:iam::${account}:saml-provider/${name}`
      await expectRefusal(get(arn), 'NoSuchEntityException', `Manifest not found for arn ${arn}`)
    }
  })

  it.each(['not-an-arn-at-all-really', 'arn:aws:iam::123456789012:oidc-provider/x'])(
    'ValidationError for %s',
    async (arn) => {
      await expectRefusal(get(arn), 'ValidationError', 'Invalid ARN:  Could not be parsed!')
    },
  )

  it('refuses callers without permission', async () => {
    const arn = `arn:aws:iam::${server.accountId}:saml-provider/Corp`
    const call = new GetSAMLProviderCommand({ SAMLProviderArn: arn })
    await expectDenied(server, (iam) => iam.send(call), 'iam:GetSAMLProvider', arn)
  })
})
