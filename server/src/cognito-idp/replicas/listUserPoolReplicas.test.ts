// ListUserPoolReplicas says what CreateUserPoolReplica, UpdateUserPoolReplica and DeleteUserPoolReplica made.
import {
  CreateUserPoolReplicaCommand,
  DeleteUserPoolReplicaCommand,
  ListUserPoolReplicasCommand,
  UpdateUserPoolReplicaCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { beforeEach, describe, expect, it } from 'vitest'
import { engines, expectRefusal, makePool, type TestServer, useTestServer } from '../../../test/harness.ts'
import { inRegion, SECOND } from '../../../test/regions.ts'

describe.each(engines)('on %s', (engine) => {
  const server = useTestServer({ engine, env: { FURTHER_REGIONS: `${SECOND}, ap-southeast-2` } })
  let UserPoolId: string
  let second: TestServer
  beforeEach(async () => {
    UserPoolId = (await makePool(server)).Id
    second = inRegion(server, SECOND)
  })

  const create = (RegionName = SECOND, UserPoolTags?: Record<string, string>, id = UserPoolId) =>
    server.admin.send(new CreateUserPoolReplicaCommand({ UserPoolId: id, RegionName, UserPoolTags }))
  const update = (Status: 'ACTIVE' | 'INACTIVE', RegionName = SECOND, at = server) =>
    at.admin.send(new UpdateUserPoolReplicaCommand({ UserPoolId, RegionName, Status }))
  const remove = (RegionName = SECOND, at = server) =>
    at.admin.send(new DeleteUserPoolReplicaCommand({ UserPoolId, RegionName }))
  const list = async (at = server) =>
    (await at.admin.send(new ListUserPoolReplicasCommand({ UserPoolId }))).UserPoolReplicas
  const arn = (region: string) => `arn:aws:cognito-idp:${region}:000000000000:userpool/${UserPoolId}`
  const replica = (Status: string, Role = 'SECONDARY', region = SECOND) => ({
    RegionName: region,
    Status,
    Role,
    UserPoolArn: arn(region),
  })

  it('replicas are made inactive, made active, made inactive and deleted, as the lists say', async () => {
    const primary = replica('ACTIVE', 'PRIMARY', 'us-east-1')
    expect(await list()).toEqual([primary])
    expect((await create()).UserPoolReplica).toEqual(replica('CREATING'))
    expect(await list()).toEqual([replica('INACTIVE'), primary])
    expect((await update('ACTIVE')).UserPoolReplica).toEqual(replica('ACTIVE'))
    expect(await list(second)).toEqual([replica('ACTIVE'), primary])
    await expectRefusal(remove(), 'InvalidParameterException', /is ACTIVE: only an INACTIVE replica can be deleted/)
    expect((await update('INACTIVE', SECOND, second)).UserPoolReplica).toEqual(replica('INACTIVE'))
    await expectRefusal(remove(SECOND, second), 'OperationNotEnabledException', /call its primary region/)
    expect((await remove()).UserPoolReplica).toEqual(replica('DELETING'))
    expect(await list()).toEqual([primary])
    await expectRefusal(list(second), 'ResourceNotFoundException', `User pool ${UserPoolId} does not exist.`)
  })
})
