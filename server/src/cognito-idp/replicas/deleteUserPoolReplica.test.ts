// DeleteUserPoolReplica, without which a pool is not deleted.
import { DeleteUserPoolCommand } from '@aws-sdk/client-cognito-identity-provider'
import { beforeEach, describe, it } from 'vitest'
import { engines, expectRefusal, makePool, useTestServer } from '../../../test/harness.ts'
import { replicaCalls, SECOND } from '../../../test/regions.ts'

describe.each(engines)('on %s', (engine) => {
  const server = useTestServer({ engine, env: { FURTHER_REGIONS: `${SECOND}, ap-southeast-2` } })
  let UserPoolId: string
  beforeEach(async () => {
    UserPoolId = (await makePool(server)).Id
  })

  const { create, remove, list } = replicaCalls(server, () => UserPoolId)

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
