import {
  CreateServiceLinkedRoleCommand,
  DeleteServiceLinkedRoleCommand,
  GetServiceLinkedRoleDeletionStatusCommand,
} from '@aws-sdk/client-iam'
import { beforeAll, describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied } from '../../../test/iam.ts'

const service = 'email.cognito-idp.amazonaws.com'
const RoleName = 'AWSServiceRoleForAmazonCognitoIdpEmailService'

describe('GetServiceLinkedRoleDeletionStatus', () => {
  const server = useTestServer()
  let taskId: string
  const status = (DeletionTaskId: string) =>
    iamClient(server).send(new GetServiceLinkedRoleDeletionStatusCommand({ DeletionTaskId }))

  beforeAll(async () => {
    await iamClient(server).send(new CreateServiceLinkedRoleCommand({ AWSServiceName: service }))
    const { DeletionTaskId } = await iamClient(server).send(new DeleteServiceLinkedRoleCommand({ RoleName }))
    taskId = DeletionTaskId as string
  })

  it('returns SUCCEEDED for a deletion', async () => {
    expect(await status(taskId)).toMatchObject({ Status: 'SUCCEEDED' })
  })

  it('NoSuchEntity for an unknown task id', async () => {
    const other = taskId.replace('IdpEmailService/', 'IdpOtherService/')
    const damaged = taskId.slice(0, -1) + (taskId.endsWith('0') ? '1' : '0')
    for (const id of ['x', `task/aws-service-role/${service}/${RoleName}/1`, other, damaged]) {
      const message = `The deletion task ${id} cannot be found.`
      await expectRefusal(status(id), 'NoSuchEntityException', message)
    }
  })

  it('refuses callers without permission, checked on the deleted role', async () => {
    const call = new GetServiceLinkedRoleDeletionStatusCommand({ DeletionTaskId: taskId })
    const arn = `arn:aws:iam::${server.accountId}:role/aws-service-role/${service}/${RoleName}`
    await expectDenied(server, (iam) => iam.send(call), 'iam:GetServiceLinkedRoleDeletionStatus', arn)
  })
})
