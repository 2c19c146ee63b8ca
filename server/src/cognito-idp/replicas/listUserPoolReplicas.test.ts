// ListUserPoolReplicas says what CreateUserPoolReplica, UpdateUserPoolReplica and DeleteUserPoolReplica made.
import { beforeEach, describe, expect, it } from 'vitest'
import { engines, expectRefusal, makePool, type TestServer, useTestServer } from '../../../test/harness.ts'
import { inRegion, replicaCalls, SECOND } from '../../../test/regions.ts'

describe.each(engines)('on %s', (engine) => {
  const server = useTestServer({ engine, env: { FURTHER_REGIONS: `${SECOND}, ap-southeast-2` } })
  let UserPoolId: string
  let second: TestServer
  beforeEach(async () => {
    UserPoolId = (await makePool(server)).Id
    second = inRegion(server, SECOND)
  })

  const { create, update, remove, list, replica } = replicaCalls(server, () => UserPoolId)

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
