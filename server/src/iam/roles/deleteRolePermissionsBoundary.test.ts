import {
  CreateServiceLinkedRoleCommand,
  DeleteRolePermissionsBoundaryCommand,
  GetRoleCommand,
  PutRolePermissionsBoundaryCommand,
} from '@aws-sdk/client-iam'
import { beforeAll, describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied, makeRole } from '../../../test/iam.ts'

describe('DeleteRolePermissionsBoundary', () => {
  const server = useTestServer()

  beforeAll(() => makeRole(iamClient(server), 'Holder', { Principal: { Service: 'x.amazonaws.com' } }))

  it('removes the boundary; again, it changes nothing', async () => {
    const PermissionsBoundary = 'arn:aws:iam::aws:policy/IAMFullAccess'
    await iamClient(server).send(new PutRolePermissionsBoundaryCommand({ RoleName: 'holder', PermissionsBoundary }))
    for (let time = 0; time < 2; time++)
      await iamClient(server).send(new DeleteRolePermissionsBoundaryCommand({ RoleName: 'holder' }))
    const { Role } = await iamClient(server).send(new GetRoleCommand({ RoleName: 'holder' }))
    expect(Role).not.toHaveProperty('PermissionsBoundary')
  })

  it('NoSuchEntity for a role that is not there', async () => {
    const call = iamClient(server).send(new DeleteRolePermissionsBoundaryCommand({ RoleName: 'nobody' }))
    await expectRefusal(call, 'NoSuchEntityException', 'The role with name nobody cannot be found.')
  })

  it('UnmodifiableEntity for a role of a service', async () => {
    await iamClient(server).send(
      new CreateServiceLinkedRoleCommand({ AWSServiceName: 'email.cognito-idp.amazonaws.com' }),
    )
    const RoleName = 'AWSServiceRoleForAmazonCognitoIdpEmailService'
    const message = `Cannot perform the operation on the protected role '${RoleName}' - this role is only modifiable by AWS`
    const call = iamClient(server).send(new DeleteRolePermissionsBoundaryCommand({ RoleName }))
    await expectRefusal(call, 'UnmodifiableEntityException', message)
  })

  it('refuses who may not', async () => {
    const call = new DeleteRolePermissionsBoundaryCommand({ RoleName: 'holder' })
    await expectDenied(
      server,
      (iam) => iam.send(call),
      'iam:DeleteRolePermissionsBoundary',
      `arn:aws:iam::${server.accountId}:role/Holder`,
    )
  })
})
