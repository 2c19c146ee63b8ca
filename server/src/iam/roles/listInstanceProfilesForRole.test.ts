import { ListInstanceProfilesForRoleCommand } from '@aws-sdk/client-iam'
import { beforeAll, describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied, makeRole } from '../../../test/iam.ts'

describe('ListInstanceProfilesForRole', () => {
  const server = useTestServer()

  beforeAll(() => makeRole(iamClient(server), 'Holder', { Principal: { Service: 'x.amazonaws.com' } }))

  it('lists nothing', async () => {
    const answer = await iamClient(server).send(new ListInstanceProfilesForRoleCommand({ RoleName: 'holder' }))
    expect(answer).toMatchObject({ InstanceProfiles: [], IsTruncated: false })
  })

  it('NoSuchEntity for an unknown role', async () => {
    const call = iamClient(server).send(new ListInstanceProfilesForRoleCommand({ RoleName: 'nobody' }))
    await expectRefusal(call, 'NoSuchEntityException', 'The role with name nobody cannot be found.')
  })

  it('refuses callers without permission', async () => {
    const call = new ListInstanceProfilesForRoleCommand({ RoleName: 'holder' })
    await expectDenied(
      server,
      (iam) => iam.send(call),
      'iam:ListInstanceProfilesForRole',
      `arn:aws:iam::${server.accountId}:role/Holder`,
    )
  })
})
