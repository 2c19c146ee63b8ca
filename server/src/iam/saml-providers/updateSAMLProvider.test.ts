import {
  CreateSAMLProviderCommand,
  GetSAMLProviderCommand,
  UpdateSAMLProviderCommand,
  type UpdateSAMLProviderCommandInput,
} from '@aws-sdk/client-iam'
import { beforeAll, describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied } from '../../../test/iam.ts'
import { metadata } from '../../../test/saml-provider.ts'

describe('UpdateSAMLProvider', () => {
  const server = useTestServer()
  let arn: string

  beforeAll(async () => {
    const Tags = [{ Key: 'k', Value: 'v' }]
    const call = new CreateSAMLProviderCommand({ Name: 'Corp', SAMLMetadataDocument: metadata(), Tags })
    arn = (await iamClient(server).send(call)).SAMLProviderArn as string
  })

  const update = (input: Partial<UpdateSAMLProviderCommandInput>) =>
    iamClient(server).send(new UpdateSAMLProviderCommand({ SAMLProviderArn: arn, ...input }))
  const get = () => iamClient(server).send(new GetSAMLProviderCommand({ SAMLProviderArn: arn }))

  it('replaces the metadata and their validity only', async () => {
    const { $metadata: _before, ...before } = await get()
    const SAMLMetadataDocument = metadata({ attributes: 'validUntil="2033-02-01T00:00:00Z"' })
    expect((await update({ SAMLMetadataDocument })).SAMLProviderArn).toBe(arn)
    const { $metadata: _after, ...after } = await get()
    const ValidUntil = new Date('2033-02-01T00:00:00Z')
    expect(after).toEqual({ ...before, SAMLMetadataDocument, ValidUntil })
    await update({})
    await update({ AssertionEncryptionMode: 'Allowed' })
    expect((await get()).SAMLMetadataDocument).toBe(SAMLMetadataDocument)
  })

  it('InvalidInput for invalid metadata, and for settings of encryption', async () => {
    const SAMLMetadataDocument = metadata().replace('</md:EntityDescriptor>', '')
    const message = /^Could not parse metadata: /
    await expectRefusal(update({ SAMLMetadataDocument }), 'InvalidInputException', message)
    const text = 'Encrypted SAML assertions are not supported: leave out RemovePrivateKey.'
    const call = update({ RemovePrivateKey: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ' })
    await expectRefusal(call, 'InvalidInputException', text)
  })

  it('NoSuchEntity for an unknown provider', async () => {
    const none = `${arn}x`
    const message = `Manifest not found for arn ${none}`
    await expectRefusal(update({ SAMLProviderArn: none }), 'NoSuchEntityException', message)
  })

  it('refuses callers without permission', async () => {
    const call = new UpdateSAMLProviderCommand({ SAMLProviderArn: arn, SAMLMetadataDocument: metadata() })
    await expectDenied(server, (iam) => iam.send(call), 'iam:UpdateSAMLProvider', arn)
  })
})
