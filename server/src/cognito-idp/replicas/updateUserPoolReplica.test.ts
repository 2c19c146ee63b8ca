// UpdateUserPoolReplica, and what the other operations on one replica refuse as well.
import { ListUserPoolReplicasCommand } from '@aws-sdk/client-cognito-identity-provider'
import { beforeEach, describe, it } from 'vitest'
import { engines, expectRefusal, makePool, useTestServer } from '../../../test/harness.ts'
import { promote, replicaCalls, SECOND } from '../../../test/regions.ts'

describe.each(engines)('on %s', (engine) => {
  const server = useTestServer({ engine, env: { FURTHER_REGIONS: `${SECOND}, ap-southeast-2` } })
  let UserPoolId: string
  beforeEach(async () => {
    UserPoolId = (await makePool(server)).Id
  })

  const { update, remove } = replicaCalls(server, () => UserPoolId)

  it('operations refuse regions without a replica, and the primary one', async () => {
    for (const call of [() => update('ACTIVE'), () => remove(), () => promote(server, UserPoolId)])
      await expectRefusal(
        call(),
        'ResourceNotFoundException',
        `User pool ${UserPoolId} has no replica in region ${SECOND}.`,
      )
    const primary = /Region us-east-1 is the primary region of the user pool, which can not be /
    await expectRefusal(update('INACTIVE', 'us-east-1'), 'InvalidParameterException', primary)
    await expectRefusal(remove('us-east-1'), 'InvalidParameterException', primary)
    await expectRefusal(promote(server, UserPoolId, 'us-east-1'), 'InvalidParameterException', primary)
    await expectRefusal(
      server.admin.send(new ListUserPoolReplicasCommand({ UserPoolId, NextToken: 'x' })),
      'InvalidParameterException',
      'Invalid pagination token',
    )
  })
})
