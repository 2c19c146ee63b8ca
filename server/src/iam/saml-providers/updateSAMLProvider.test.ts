import {
  CreateSAMLProviderCommand,
  GetSAMLProviderCommand,
  UpdateSAMLProviderCommand,
  type UpdateSAMLProviderCommandInput,
} from '@aws-sdk/client-iam'
import { beforeAll, describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { makeCertificate } from '../../../test/certificate.ts'
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

  it('adds and removes private keys, two at most, and keeps one where encryption is required', async () => {
    const AddPrivateKey = makeCertificate().privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
    const keyIds = async () => (await get()).PrivateKeyList?.map(({ KeyId }) => KeyId as string) ?? []
    const needsKey = 'AssertionEncryptionMode Required needs a private key.'
    await expectRefusal(update({ AssertionEncryptionMode: 'Required' }), 'InvalidInputException', needsKey)
    await update({ AssertionEncryptionMode: 'Required', AddPrivateKey })
    const [first = ''] = await keyIds()
    await expectRefusal(update({ RemovePrivateKey: first }), 'InvalidInputException', needsKey)
    await update({ AddPrivateKey })
    const [same, second = ''] = await keyIds()
    expect(same).toBe(first)
    const full = 'Cannot exceed quota for PrivateKeysPerSAMLProvider: 2'
    await expectRefusal(update({ AddPrivateKey }), 'LimitExceededException', full)
    await update({ AddPrivateKey, RemovePrivateKey: first })
    expect(await keyIds()).toEqual([second, expect.not.stringMatching(first)])
    const unknown = `RemovePrivateKey is not the id of a private key of this provider: ${first}.`
    await expectRefusal(update({ RemovePrivateKey: first }), 'InvalidInputException', unknown)
    expect((await get()).AssertionEncryptionMode).toBe('Required')
    await update({ AssertionEncryptionMode: 'Allowed' })
    for (const RemovePrivateKey of await keyIds()) await update({ RemovePrivateKey })
    expect(await get()).toMatchObject({ AssertionEncryptionMode: 'Allowed', PrivateKeyList: [] })
  })

  it('InvalidInput for invalid metadata', async () => {
    const SAMLMetadataDocument = metadata().replace('</md:EntityDescriptor>', '')
    const message = /^Could not parse metadata: /
    await expectRefusal(update({ SAMLMetadataDocument }), 'InvalidInputException', message)
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
