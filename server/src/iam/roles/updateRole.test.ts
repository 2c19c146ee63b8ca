import { CreateServiceLinkedRoleCommand, GetRoleCommand, UpdateRoleCommand } from '@aws-sdk/client-iam'
import { beforeAll, describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied, makeRole } from '../../../test/iam.ts'

describe('UpdateRole', () => {
  const server = useTestServer()

  beforeAll(() => makeRole(iamClient(server), 'Holder', { Principal: { Service: 'x.amazonaws.com' } }))

  it('changes only the given members', async () => {
    const update = (input: { Description?: string; MaxSessionDuration?: number }) =>
      iamClient(server).send(new UpdateRoleCommand({ RoleName: 'holder', ...input }))
    const get = async () => (await iamClient(server).send(new GetRoleCommand({ RoleName: 'holder' }))).Role
    await update({ Description: 'of use', MaxSessionDuration: 7200 })
    expect(await get()).toMatchObject({ Description: 'of use', MaxSessionDuration: 7200 })
    await update({ Description: '' })
    expect(await get()).toMatchObject({ Description: '', MaxSessionDuration: 7200 })
    await update({ MaxSessionDuration: 3600 })
    expect(await get()).toMatchObject({ Description: '', MaxSessionDuration: 3600 })
    await expectRefusal(update({ MaxSessionDuration: 43_201 }), 'ValidationError', /maxSessionDuration/)
  })

  it('changes the description of a service-linked role', async () => {
    await iamClient(server).send(new CreateServiceLinkedRoleCommand({ AWSServiceName: 'cognito-idp.amazonaws.com' }))
    const RoleName = 'AWSServiceRoleForAmazonCognitoIdp'
    await iamClient(server).send(new UpdateRoleCommand({ RoleName, Description: 'ours' }))
    const { Role } = await iamClient(server).send(new GetRoleCommand({ RoleName }))
    expect(Role?.Description).toBe('ours')
  })

  it('NoSuchEntity for an unknown role', async () => {
    const call = iamClient(server).send(new UpdateRoleCommand({ RoleName: 'nobody', MaxSessionDuration: 3600 }))
    await expectRefusal(call, 'NoSuchEntityException', 'The role with name nobody cannot be found.')
  })

  it('UnmodifiableEntity for a service-linked role', async () => {
    await iamClient(server).send(
      new CreateServiceLinkedRoleCommand({ AWSServiceName: 'email.cognito-idp.amazonaws.com' }),
    )
    const RoleName = 'AWSServiceRoleForAmazonCognitoIdpEmailService'
    const message = `Cannot perform the operation on the protected role '${RoleName}' - this role is only modifiable by AWS`
    const call = iamClient(server).send(new UpdateRoleCommand({ RoleName, MaxSessionDuration: 3600 }))
    await expectRefusal(call, 'UnmodifiableEntityException', message)
  })

  it('refuses callers without permission', async () => {
    const call = new UpdateRoleCommand({ RoleName: 'holder', MaxSessionDuration: 3600 })
    await expectDenied(
      server,
      (iam) => iam.send(call),
      'iam:UpdateRole',
      `arn:aws:iam::${server.accountId}:role/Holder`,
    )
  })
})
