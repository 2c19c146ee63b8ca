import { ListRoleTagsCommand, TagRoleCommand } from '@aws-sdk/client-iam'
import { beforeAll, describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied, makeRole } from '../../../test/iam.ts'

describe('ListRoleTags', () => {
  const server = useTestServer()

  beforeAll(() => makeRole(iamClient(server), 'Holder', { Principal: { Service: 'x.amazonaws.com' } }))

  it('lists tags by key, in pages', async () => {
    const list = (page: { MaxItems?: number; Marker?: string | undefined } = {}) =>
      iamClient(server).send(new ListRoleTagsCommand({ RoleName: 'holder', ...page }))
    expect(await list()).toMatchObject({ Tags: [], IsTruncated: false })
    const Tags = ['b', 'a', 'ü'.repeat(128)].map((Key) => ({ Key, Value: Key.slice(0, 1) }))
    await iamClient(server).send(new TagRoleCommand({ RoleName: 'holder', Tags }))
    const first = await list({ MaxItems: 2 })
    expect(first).toMatchObject({ Tags: [Tags[1], Tags[0]], IsTruncated: true })
    expect(await list({ Marker: first.Marker })).toMatchObject({ Tags: [Tags[2]], IsTruncated: false })
    await expectRefusal(list({ Marker: 'x' }), 'ValidationError', 'Invalid Marker.')
  })

  it('NoSuchEntity for a role that is not there', async () => {
    const call = iamClient(server).send(new ListRoleTagsCommand({ RoleName: 'nobody' }))
    await expectRefusal(call, 'NoSuchEntityException', 'The role with name nobody cannot be found.')
  })

  it('refuses who may not', async () => {
    const call = new ListRoleTagsCommand({ RoleName: 'holder' })
    await expectDenied(
      server,
      (iam) => iam.send(call),
      'iam:ListRoleTags',
      `arn:aws:iam::${server.accountId}:role/Holder`,
    )
  })
})
