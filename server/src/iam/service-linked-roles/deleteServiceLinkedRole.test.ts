import {
  CreateServiceLinkedRoleCommand,
  DeleteServiceLinkedRoleCommand,
  GetPolicyCommand,
  GetRoleCommand,
} from '@aws-sdk/client-iam'
import { describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { engines, expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied, makeRole } from '../../../test/iam.ts'

const service = 'email.cognito-idp.amazonaws.com'
const RoleName = 'AWSServiceRoleForAmazonCognitoIdpEmailService'
const PolicyArn = 'arn:aws:iam::aws:policy/aws-service-role/AmazonCognitoIdpEmailServiceRolePolicy'

describe.each(engines)('DeleteServiceLinkedRole (%s)', (engine) => {
  const server = useTestServer({ engine })
  const remove = (name: string) => iamClient(server).send(new DeleteServiceLinkedRoleCommand({ RoleName: name }))

  it('deletes the role with its attachment; it can be created again', async () => {
    const iam = iamClient(server)
    for (let time = 0; time < 2; time++) {
      await iam.send(new CreateServiceLinkedRoleCommand({ AWSServiceName: service }))
      const { DeletionTaskId } = await remove(RoleName)
      expect(DeletionTaskId).toMatch(new RegExp(`^task/aws-service-role/${service}/${RoleName}/[0-9a-f-]{49}$`))
      await expectRefusal(iam.send(new GetRoleCommand({ RoleName })), 'NoSuchEntityException')
      expect((await iam.send(new GetPolicyCommand({ PolicyArn }))).Policy?.AttachmentCount).toBe(0)
    }
  })

  it('NoSuchEntity for an unknown role, InvalidInput for one that is not service-linked', async () => {
    await expectRefusal(remove('none'), 'NoSuchEntityException', 'The role with name none cannot be found.')
    await makeRole(iamClient(server), 'Ours', { Principal: { Service: 'x.amazonaws.com' } })
    await expectRefusal(remove('ours'), 'InvalidInputException', 'The role Ours is not a service-linked role.')
    await iamClient(server).send(new GetRoleCommand({ RoleName: 'ours' }))
  })

  it('refuses callers without permission', async () => {
    await iamClient(server).send(new CreateServiceLinkedRoleCommand({ AWSServiceName: service }))
    const call = new DeleteServiceLinkedRoleCommand({ RoleName })
    const arn = `arn:aws:iam::${server.accountId}:role/aws-service-role/${service}/${RoleName}`
    await expectDenied(server, (iam) => iam.send(call), 'iam:DeleteServiceLinkedRole', arn)
  })
})
