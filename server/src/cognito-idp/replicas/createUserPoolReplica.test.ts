// CreateUserPoolReplica: what is refused, and what is made of two at once.
import { UpdateUserPoolCommand } from '@aws-sdk/client-cognito-identity-provider'
import { beforeEach, describe, expect, it } from 'vitest'
import { engines, expectRefusal, makePool, useTestServer } from '../../../test/harness.ts'
import { replicaCalls, SECOND } from '../../../test/regions.ts'

describe.each(engines)('on %s', (engine) => {
  const server = useTestServer({ engine, env: { FURTHER_REGIONS: `${SECOND}, ap-southeast-2` } })
  let UserPoolId: string
  beforeEach(async () => {
    UserPoolId = (await makePool(server)).Id
  })

  const { create, list } = replicaCalls(server, () => UserPoolId)

  it('CreateUserPoolReplica refuses regions, tiers and tags that it can not serve', async () => {
    await expectRefusal(
      create('eu-central-1'),
      'InvalidParameterException',
      'Region eu-central-1 is not a region of this server; those are us-east-1, eu-west-1, ap-southeast-2 (settings AWS_REGION and FURTHER_REGIONS).',
    )
    await expectRefusal(create('us-east-1'), 'InvalidParameterException', /is in region us-east-1 already/)
    await expectRefusal(create(SECOND, { 'aws:x': '1' }), 'UserPoolTaggingException')
    await expectRefusal(
      create(SECOND, { 'cognomen:introspection': 'on' }),
      'UserPoolTaggingException',
      /is a setting of the user pool/,
    )
    const lite = (await makePool(server, { UserPoolTier: 'LITE' })).Id
    await expectRefusal(
      create(SECOND, undefined, lite),
      'FeatureUnavailableInTierException',
      /Multi-Region Replication/,
    )
    await create()
    await expectRefusal(create(), 'InvalidParameterException', /already/)
    await expectRefusal(
      create('ap-southeast-2'),
      'LimitExceededException',
      'A user pool can not have more than 1 replica.',
    )
    await expectRefusal(create(SECOND, undefined, 'us-east-1_NoSuchPoo'), 'ResourceNotFoundException')
    await expectRefusal(
      server.admin.send(new UpdateUserPoolCommand({ UserPoolId, UserPoolTier: 'LITE' })),
      'TierChangeNotAllowedException',
    )
  })

  it('one of two made at once is refused', async () => {
    const outcomes = await Promise.allSettled([create(SECOND), create('ap-southeast-2'), create(SECOND)])
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await list()).toHaveLength(2)
  })
})
