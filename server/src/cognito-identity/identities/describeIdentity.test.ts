import { DescribeIdentityCommand, GetOpenIdTokenCommand } from '@aws-sdk/client-cognito-identity'
import { describe, expect, it } from 'vitest'
import { identityClient } from '../../../test/aws-clients.ts'
import { engines, expectRefusal, useTestServer } from '../../../test/harness.ts'
import { makeIamUser } from '../../../test/iam.ts'
import { developerToken } from '../../../test/identity.ts'
import { DEVELOPER_PROVIDER, useIdentityWorld } from '../../../test/identity-world.ts'

describe.each(engines)('DescribeIdentity on %s', (engine) => {
  const server = useTestServer({ engine })
  const world = useIdentityWorld(server)
  const describeIdentity = async (IdentityId: string, client = world.admin) => {
    const { $metadata, ...identity } = await client.send(new DescribeIdentityCommand({ IdentityId }))
    return identity
  }

  it('shows providers and times, never subjects', async () => {
    server.clock.freeze()
    const created = new Date(server.clock.now())
    const id = await world.getId()
    expect(await describeIdentity(id)).toEqual({ IdentityId: id, CreationDate: created, LastModifiedDate: created })
    server.clock.advance(60_000)
    await world.app.send(new GetOpenIdTokenCommand({ IdentityId: id, Logins: await world.loginsOf('ada') }))
    await developerToken(world.admin, world.poolId, { [DEVELOPER_PROVIDER]: 'ada' }, id)
    await developerToken(world.admin, world.poolId, { [DEVELOPER_PROVIDER]: 'ada at work' }, id)
    expect(await describeIdentity(id)).toEqual({
      IdentityId: id,
      Logins: [world.provider, DEVELOPER_PROVIDER].sort(),
      CreationDate: created,
      LastModifiedDate: new Date(created.getTime() + 60_000),
    })
    server.clock.thaw()
  })

  it('shows a disabled identity', async () => {
    const guest = await world.getId()
    await world.app.send(new GetOpenIdTokenCommand({ IdentityId: guest, Logins: await world.loginsOf('ada') }))
    expect((await describeIdentity(guest)).Logins).toBeUndefined()
  })

  it('refuses unknown ids', async () => {
    const unknown = 'us-east-1:00000000-0000-4000-8000-000000000000'
    await expectRefusal(describeIdentity(unknown), 'ResourceNotFoundException', `Identity '${unknown}' not found.`)
  })

  it('refuses callers without permission', async () => {
    const id = await world.getId()
    const bea = identityClient(server, await makeIamUser(world.iam, 'bea'))
    await expectRefusal(
      describeIdentity(id, bea),
      'AccessDeniedException',
      `User: arn:aws:iam::${server.accountId}:user/bea is not authorized to perform: cognito-identity:DescribeIdentity on resource: * because no identity-based policy allows the cognito-identity:DescribeIdentity action`,
    )
  })
})
