import { UpdateRoleDescriptionCommand } from '@aws-sdk/client-iam'
import { beforeAll, describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied, makeRole } from '../../../test/iam.ts'

describe('UpdateRoleDescription', () => {
  const server = useTestServer()

  beforeAll(() => makeRole(iamClient(server), 'Holder', { Principal: { Service: 'x.amazonaws.com' } }))

  it('changes the description and shows the role', async () => {
    const { Role } = await iamClient(server).send(
      new UpdateRoleDescriptionCommand({ RoleName: 'holder', Description: 'of use' }),
    )
    expect(Role).toMatchObject({ RoleName: 'Holder', Description: 'of use', MaxSessionDuration: 3600 })
  })

  it('NoSuchEntity for an unknown role', async () => {
    const call = iamClient(server).send(new UpdateRoleDescriptionCommand({ RoleName: 'nobody', Description: 'd' }))
    await expectRefusal(call, 'NoSuchEntityException', 'The role with name nobody cannot be found.')
  })

  it('refuses callers without permission', async () => {
    const call = new UpdateRoleDescriptionCommand({ RoleName: 'holder', Description: 'd' })
    await expectDenied(
      server,
      (iam) => iam.send(call),
      'iam:UpdateRoleDescription',
      `arn:aws:iam::${server.accountId}:role/Holder`,
    )
  })
})
