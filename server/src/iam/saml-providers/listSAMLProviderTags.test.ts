import { CreateSAMLProviderCommand, ListSAMLProviderTagsCommand } from '@aws-sdk/client-iam'
import { beforeAll, describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied } from '../../../test/iam.ts'
import { metadata } from '../../../test/saml-provider.ts'

describe('ListSAMLProviderTags', () => {
  const server = useTestServer()
  const Tags = ['b', 'a', '__proto__'].map((Key) => ({ Key, Value: Key.toUpperCase() }))
  let arn: string

  beforeAll(async () => {
    const call = new CreateSAMLProviderCommand({ Name: 'Corp', SAMLMetadataDocument: metadata(), Tags })
    arn = (await iamClient(server).send(call)).SAMLProviderArn as string
  })

  const list = (page: { MaxItems?: number; Marker?: string | undefined } = {}) =>
    iamClient(server).send(new ListSAMLProviderTagsCommand({ SAMLProviderArn: arn, ...page }))

  it('lists tags in the order of their keys, in pages', async () => {
    const first = await list({ MaxItems: 2 })
    expect([first.Tags?.map(({ Key }) => Key), first.IsTruncated]).toEqual([['__proto__', 'a'], true])
    const second = await list({ Marker: first.Marker })
    expect([second.Tags, second.IsTruncated]).toEqual([[{ Key: 'b', Value: 'B' }], false])
    await expectRefusal(list({ Marker: 'x' }), 'ValidationError', 'Invalid Marker.')
  })

  it('NoSuchEntity for a provider that is not there, ValidationError for no ARN of one', async () => {
    const none = `${arn}x`
    const call = (SAMLProviderArn: string) =>
      iamClient(server).send(new ListSAMLProviderTagsCommand({ SAMLProviderArn }))
    await expectRefusal(call(none), 'NoSuchEntityException', `Manifest not found for arn ${none}`)
    const role = 'arn:aws:iam::123456789012:role/provider'
    await expectRefusal(call(role), 'ValidationError', 'Invalid ARN:  Could not be parsed!')
  })

  it('refuses who may not', async () => {
    const call = new ListSAMLProviderTagsCommand({ SAMLProviderArn: arn })
    await expectDenied(server, (iam) => iam.send(call), 'iam:ListSAMLProviderTags', arn)
  })
})
