// PromoteUserPoolReplica (beyond Cognito): the roles of two regions are swapped.
import {
  CreateUserPoolDomainCommand,
  DeleteUserPoolCommand,
  DeleteUserPoolDomainCommand,
  DescribeUserPoolDomainCommand,
  TagResourceCommand,
  UpdateUserPoolDomainCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { beforeEach, describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { engines, expectRefusal, makePool, type TestServer, useTestServer } from '../../../test/harness.ts'
import { makeIamUser } from '../../../test/iam.ts'
import { ask } from '../../../test/recovery-codes.ts'
import { inRegion, promote, replicaCalls, SECOND } from '../../../test/regions.ts'

describe.each(engines)('on %s', (engine) => {
  const server = useTestServer({ engine, env: { FURTHER_REGIONS: `${SECOND}, ap-southeast-2` } })
  let UserPoolId: string
  let second: TestServer
  beforeEach(async () => {
    UserPoolId = (await makePool(server)).Id
    second = inRegion(server, SECOND)
  })

  const { create, remove, list, describePool, arn, replica } = replicaCalls(server, () => UserPoolId)

  it('a promotion swaps the roles; tags stay with their region, settings with the pool', async () => {
    const Tags = { stage: 'one', 'cognomen:account-page': 'on' }
    await server.admin.send(new TagResourceCommand({ ResourceArn: arn('us-east-1'), Tags }))
    await create(SECOND, { stage: 'two' })
    expect(await promote(second, UserPoolId)).toEqual({ UserPoolReplica: replica('ACTIVE', 'PRIMARY') })
    expect(await list()).toEqual([replica('ACTIVE', 'PRIMARY'), replica('ACTIVE', 'SECONDARY', 'us-east-1')])
    expect((await describePool())?.UserPoolTags).toEqual({ stage: 'one' })
    expect((await describePool(second))?.UserPoolTags).toEqual({ stage: 'two', 'cognomen:account-page': 'on' })
    await expectRefusal(
      server.admin.send(new DeleteUserPoolCommand({ UserPoolId })),
      'OperationNotEnabledException',
      /in us-east-1, where/,
    )
    await promote(server, UserPoolId, 'us-east-1')
    expect((await describePool())?.UserPoolTags).toEqual(Tags)
    expect(await list()).toEqual([replica('ACTIVE'), replica('ACTIVE', 'PRIMARY', 'us-east-1')])
  })

  it('a domain fails over to a region of the pool, also after a promotion', async () => {
    const CustomDomainConfig = { CertificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/x' }
    const Domain = `${UserPoolId.slice(10).toLowerCase()}.example.com`
    const routing = (SecondaryRegion: string) => ({
      Failover: { SecondaryRegion, PrimaryRoute53HealthCheckId: 'a-check' },
    })
    const make = (more: object) =>
      server.admin.send(new CreateUserPoolDomainCommand({ UserPoolId, Domain, CustomDomainConfig, ...more }))
    await expectRefusal(
      make({ Routing: routing(SECOND) }),
      'InvalidParameterException',
      `The user pool has no replica in the region ${SECOND} that Routing names.`,
    )
    await create()
    await expectRefusal(
      make({ Domain: 'a-prefix', CustomDomainConfig: undefined, Routing: routing(SECOND) }),
      'InvalidParameterException',
      'Routing can not be set for a prefix domain.',
    )
    await make({})
    const change = (Routing: object) =>
      server.admin.send(new UpdateUserPoolDomainCommand({ UserPoolId, Domain, Routing }))
    await expectRefusal(change(routing('us-west-2')), 'InvalidParameterException')
    expect((await change(routing(SECOND))).Routing).toEqual(routing(SECOND))
    await expectRefusal(remove(), 'InvalidParameterException', /The routing of a domain names it/)
    await promote(second, UserPoolId)
    const shown = await second.admin.send(new DescribeUserPoolDomainCommand({ Domain }))
    expect(shown.DomainDescription?.Routing).toEqual(routing('us-east-1'))
    const seen = await server.admin.send(new DescribeUserPoolDomainCommand({ Domain }))
    expect(seen.DomainDescription?.Domain).toBe(Domain)
    await second.admin.send(new DeleteUserPoolDomainCommand({ UserPoolId, Domain }))
  })

  it('needs the right to it in both regions', async () => {
    await create()
    const Action = 'cognito-idp:*'
    const iam = iamClient(server)
    const asUser = async (name: string, regions: string) => {
      const credentials = await makeIamUser(iam, `${name}-${engine}`, { Action, Resource: arn(regions) })
      return { ...second, credentials } as TestServer
    }
    const one = await asUser('one-region', SECOND)
    expect((await ask(one, 'ListUserPoolReplicas', { UserPoolId }, true))['UserPoolReplicas']).toHaveLength(2)
    await expectRefusal(promote(one, UserPoolId), 'AccessDeniedException')
    expect(await list()).toEqual([replica('INACTIVE'), replica('ACTIVE', 'PRIMARY', 'us-east-1')])
    await promote(await asUser('both-regions', '*'), UserPoolId)
    expect(await list()).toEqual([replica('ACTIVE', 'PRIMARY'), replica('ACTIVE', 'SECONDARY', 'us-east-1')])
  })
})
