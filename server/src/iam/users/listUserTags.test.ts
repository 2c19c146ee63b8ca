import { CreateUserCommand, ListUserTagsCommand } from '@aws-sdk/client-iam'
import { describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied } from '../../../test/iam.ts'

describe('ListUserTags', () => {
  const server = useTestServer()
  const list = (UserName: string, page: { MaxItems?: number; Marker?: string | undefined } = {}) =>
    iamClient(server).send(new ListUserTagsCommand({ UserName, ...page }))

  it('lists tags in the order of their keys, in pages', async () => {
    const Tags = ['c', 'a', 'b'].map((Key) => ({ Key, Value: Key.repeat(2) }))
    await iamClient(server).send(new CreateUserCommand({ UserName: 'Tagged', Tags }))
    await iamClient(server).send(new CreateUserCommand({ UserName: 'bare' }))
    const first = await list('tagged', { MaxItems: 2 })
    expect(first).toMatchObject({ IsTruncated: true })
    expect(first.Tags).toEqual([
      { Key: 'a', Value: 'aa' },
      { Key: 'b', Value: 'bb' },
    ])
    const { Marker } = first
    expect(await list('tagged', { Marker })).toMatchObject({ Tags: [{ Key: 'c', Value: 'cc' }], IsTruncated: false })
    expect(await list('bare')).toMatchObject({ Tags: [], IsTruncated: false })
    await expectRefusal(list('bare', { Marker }), 'ValidationError', 'Invalid Marker.')
  })

  it('NoSuchEntity for a user who is not there', async () => {
    const message = 'The user with name nobody cannot be found.'
    await expectRefusal(list('nobody'), 'NoSuchEntityException', message)
  })

  it('refuses who may not', async () => {
    const arn = `arn:aws:iam::${server.accountId}:user/bare`
    const call = new ListUserTagsCommand({ UserName: 'bare' })
    await expectDenied(server, (iam) => iam.send(call), 'iam:ListUserTags', arn)
  })
})
