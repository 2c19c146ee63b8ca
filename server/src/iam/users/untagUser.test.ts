import { CreateUserCommand, ListUserTagsCommand, UntagUserCommand } from '@aws-sdk/client-iam'
import { describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied } from '../../../test/iam.ts'

describe('UntagUser', () => {
  const server = useTestServer()
  const untag = (UserName: string, ...TagKeys: string[]) =>
    iamClient(server).send(new UntagUserCommand({ UserName, TagKeys }))

  it('removes tags, whatever the case of their keys, and passes over others', async () => {
    const Tags = ['One', 'two', '__proto__'].map((Key) => ({ Key, Value: 'v' }))
    await iamClient(server).send(new CreateUserCommand({ UserName: 'Tagged', Tags }))
    await untag('tagged', 'one', 'none', '__proto__')
    const { Tags: left } = await iamClient(server).send(new ListUserTagsCommand({ UserName: 'Tagged' }))
    expect(left).toEqual([{ Key: 'two', Value: 'v' }])
  })

  it('NoSuchEntity for a user who is not there', async () => {
    const message = 'The user with name nobody cannot be found.'
    await expectRefusal(untag('nobody', 'k'), 'NoSuchEntityException', message)
  })

  it('refuses who may not', async () => {
    const call = new UntagUserCommand({ UserName: 'tagged', TagKeys: ['k'] })
    const arn = `arn:aws:iam::${server.accountId}:user/Tagged`
    await expectDenied(server, (iam) => iam.send(call), 'iam:UntagUser', arn)
  })
})
