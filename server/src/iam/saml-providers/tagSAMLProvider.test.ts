import { CreateSAMLProviderCommand, ListSAMLProviderTagsCommand, TagSAMLProviderCommand } from '@aws-sdk/client-iam'
import { beforeAll, describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied } from '../../../test/iam.ts'
import { metadata } from '../../../test/saml-provider.ts'

describe('TagSAMLProvider', () => {
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

  it('adds tags, and replaces those of the same key, whatever its case', async () => {
    const added = [
      { Key: 'c', Value: 'new' },
      { Key: 'A', Value: 'other' },
    ]
    await iamClient(server).send(new TagSAMLProviderCommand({ SAMLProviderArn: arn, Tags: added }))
    expect(await tagsOf()).toEqual(['A=other', '__proto__=__PROTO__', 'b=B', 'c=new'])
  })

  it('LimitExceeded for more than 50', async () => {
    const many = Array.from({ length: 50 }, (_, index) => ({ Key: `k${index}`, Value: '' }))
    const call = iamClient(server).send(new TagSAMLProviderCommand({ SAMLProviderArn: arn, Tags: many }))
    const message = 'The number of tags has reached the maximum limit.'
    await expectRefusal(call, 'LimitExceededException', message)
  })

  it('NoSuchEntity for a provider that is not there, ValidationError for no ARN of one', async () => {
    const none = `${arn}x`
    const call = (SAMLProviderArn: string) =>
      iamClient(server).send(new TagSAMLProviderCommand({ SAMLProviderArn, Tags: [] }))
    await expectRefusal(call(none), 'NoSuchEntityException', `Manifest not found for arn ${none}`)
    const role = 'arn:aws:iam::123456789012:role/provider'
    await expectRefusal(call(role), 'ValidationError', 'Invalid ARN:  Could not be parsed!')
  })

  it('refuses who may not', async () => {
    const call = new TagSAMLProviderCommand({ SAMLProviderArn: arn, Tags: [] })
    await expectDenied(server, (iam) => iam.send(call), 'iam:TagSAMLProvider', arn)
  })
})
