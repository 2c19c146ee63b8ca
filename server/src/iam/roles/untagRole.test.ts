import { ListRoleTagsCommand, TagRoleCommand, UntagRoleCommand } from '@aws-sdk/client-iam'
import { beforeAll, describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied, makeRole } from '../../../test/iam.ts'

const TagKeys = ['k']

describe('UntagRole', () => {
  const server = useTestServer()

  beforeAll(() => makeRole(iamClient(server), 'Holder', { Principal: { Service: 'x.amazonaws.com' } }))

  it('removes tags whatever their case, and passes over what is not there', async () => {
    const Tags = ['Team', 'stays', '__proto__'].map((Key) => ({ Key, Value: 'v' }))
    await iamClient(server).send(new TagRoleCommand({ RoleName: 'holder', Tags }))
    const keys = ['tEAM', 'none', '__proto__']
    await iamClient(server).send(new UntagRoleCommand({ RoleName: 'holder', TagKeys: keys }))
    const left = await iamClient(server).send(new ListRoleTagsCommand({ RoleName: 'holder' }))
    expect(left.Tags).toEqual([{ Key: 'stays', Value: 'v' }])
    const many = Array.from({ length: 51 }, (_, index) => `x${index}`)
    const call = iamClient(server).send(new UntagRoleCommand({ RoleName: 'holder', TagKeys: many }))
    await expectRefusal(call, 'ValidationError', /tagKeys.*less than or equal to 50/)
  })

  it('NoSuchEntity for a role that is not there', async () => {
    const call = iamClient(server).send(new UntagRoleCommand({ RoleName: 'nobody', TagKeys }))
    await expectRefusal(call, 'NoSuchEntityException', 'The role with name nobody cannot be found.')
  })

  it('refuses who may not', async () => {
    const call = new UntagRoleCommand({ RoleName: 'holder', TagKeys })
    await expectDenied(server, (iam) => iam.send(call), 'iam:UntagRole', `arn:aws:iam::${server.accountId}:role/Holder`)
  })
})
