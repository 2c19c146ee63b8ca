// DeleteUserPoolReplica, without which a pool is not deleted.
import {
  CreateUserPoolReplicaCommand,
  DeleteUserPoolCommand,
  DeleteUserPoolReplicaCommand,
  ListUserPoolReplicasCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { beforeEach, describe, it } from 'vitest'
import { engines, expectRefusal, makePool, useTestServer } from '../../../test/harness.ts'
import { SECOND } from '../../../test/regions.ts'

describe.each(engines)('on %s', (engine) => {
  const server = useTestServer({ engine, env: { FURTHER_REGIONS: `${SECOND}, ap-southeast-2` } })
  let UserPoolId: string
  beforeEach(async () => {
    UserPoolId = (await makePool(server)).Id
  })

  const create = (RegionName = SECOND, UserPoolTags?: Record<string, string>, id = UserPoolId) =>
    server.admin.send(new CreateUserPoolReplicaCommand({ UserPoolId: id, RegionName, UserPoolTags }))
  const remove = (RegionName = SECOND, at = server) =>
    at.admin.send(new DeleteUserPoolReplicaCommand({ UserPoolId, RegionName }))
  const list = async (at = server) =>
    (await at.admin.send(new ListUserPoolReplicasCommand({ UserPoolId }))).UserPoolReplicas

  it('a pool is not deleted while it has one', async () => {
    await create()
    const deletion = () => server.admin.send(new DeleteUserPoolCommand({ UserPoolId }))
    await expectRefusal(
      deletion(),
      'InvalidParameterException',
      'User pool cannot be deleted. It has a replica that should be deleted first.',
    )
    await remove()
    await deletion()
    await expectRefusal(list(), 'ResourceNotFoundException')
  })
})
