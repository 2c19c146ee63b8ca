import { CreateAccessKeyCommand, ListAccessKeysCommand, type ListAccessKeysCommandInput } from '@aws-sdk/client-iam'
import { describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied, makeIamUser } from '../../../test/iam.ts'

describe('ListAccessKeys', () => {
  const server = useTestServer()
  const list = (input: ListAccessKeysCommandInput = {}, iam = iamClient(server)) =>
    iam.send(new ListAccessKeysCommand(input))

  it('lists keys without their secrets, in pages; without a name those of the caller', async () => {
    const key = await makeIamUser(iamClient(server), 'Owner', { Action: 'iam:ListAccessKeys' })
    await iamClient(server).send(new CreateAccessKeyCommand({ UserName: 'owner' }))
    const first = await list({ UserName: 'OWNER', MaxItems: 1 })
    expect(first).toMatchObject({ IsTruncated: true, Marker: expect.any(String) })
    const second = await list({ UserName: 'owner', MaxItems: 1, Marker: first.Marker })
    expect([second.IsTruncated, second.Marker]).toEqual([false, undefined])
    const all = [...(first.AccessKeyMetadata ?? []), ...(second.AccessKeyMetadata ?? [])]
    for (const entry of all)
      expect(entry).toEqual({
        UserName: 'Owner',
        AccessKeyId: expect.stringMatching(/^AKIA/),
        Status: 'Active',
        CreateDate: expect.any(Date),
      })
    expect(all.map(({ AccessKeyId }) => AccessKeyId)).toContain(key.accessKeyId)
    expect((await list({}, iamClient(server, key))).AccessKeyMetadata).toEqual(all)
  })

  it("shows the root the root's key", async () => {
    const { AccessKeyMetadata } = await list()
    expect(AccessKeyMetadata).toEqual([{ AccessKeyId: server.credentials.accessKeyId, Status: 'Active' }])
  })

  it('NoSuchEntity for an unknown user', async () => {
    const message = 'The user with name nobody cannot be found.'
    await expectRefusal(list({ UserName: 'nobody' }), 'NoSuchEntityException', message)
  })

  it('refuses callers without permission', async () => {
    const arn = `arn:aws:iam::${server.accountId}:user/Owner`
    await expectDenied(server, (iam) => list({ UserName: 'owner' }, iam), 'iam:ListAccessKeys', arn)
    await expectDenied(server, (iam) => list({}, iam), 'iam:ListAccessKeys', '$self')
  })
})
