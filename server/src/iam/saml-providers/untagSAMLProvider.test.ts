import { CreateSAMLProviderCommand, ListSAMLProviderTagsCommand, UntagSAMLProviderCommand } from '@aws-sdk/client-iam'
import { beforeAll, describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied } from '../../../test/iam.ts'
import { metadata } from '../../../test/saml-provider.ts'

describe('UntagSAMLProvider', () => {
  const server = useTestServer()
  const Tags = ['b', 'a', '__proto__'].map((Key) => ({ Key, Value: Key.toUpperCase() }))
  let arn: string

  beforeAll(async () => {
    const call = new CreateSAMLProviderCommand({ Name: 'Corp', SAMLMetadataDocument: metadata(), Tags })
    arn = (await iamClient(server).send(call)).SAMLProviderArn as string
  })

  const tagsOf = async () =>
    (await iamClient(server).send(new ListSAMLProviderTagsCommand({ SAMLProviderArn: arn }))).Tags?.map(
      ({ Key, Value }) => `${Key}=${Value}`,
    )

  it('removes tags, whatever the case of their keys, and passes over others', async () => {
    const TagKeys = ['B', 'none', '__proto__']
    await iamClient(server).send(new UntagSAMLProviderCommand({ SAMLProviderArn: arn, TagKeys }))
    expect(await tagsOf()).toEqual(['a=A'])
  })

  it('NoSuchEntity for a provider that is not there, ValidationError for no ARN of one', async () => {
    const none = `${arn}x`
    const call = (SAMLProviderArn: string) =>
      iamClient(server).send(new UntagSAMLProviderCommand({ SAMLProviderArn, TagKeys: [] }))
    await expectRefusal(call(none), 'NoSuchEntityException', `Manifest not found for arn ${none}`)
    const role = 'arn:aws:iam::123456789012:role/provider'
    await expectRefusal(call(role), 'ValidationError', 'Invalid ARN:  Could not be parsed!')
  })

  it('refuses who may not', async () => {
    const call = new UntagSAMLProviderCommand({ SAMLProviderArn: arn, TagKeys: [] })
    await expectDenied(server, (iam) => iam.send(call), 'iam:UntagSAMLProvider', arn)
  })
})
