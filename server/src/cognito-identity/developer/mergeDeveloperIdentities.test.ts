import {
  DescribeIdentityCommand,
  GetOpenIdTokenCommand,
  ListIdentitiesCommand,
  LookupDeveloperIdentityCommand,
  MergeDeveloperIdentitiesCommand,
} from '@aws-sdk/client-cognito-identity'
import { describe, expect, it } from 'vitest'
import { identityClient } from '../../../test/aws-clients.ts'
import { engines, expectRefusal, useTestServer } from '../../../test/harness.ts'
import { makeIamUser } from '../../../test/iam.ts'
import { developerToken } from '../../../test/identity.ts'
import { DEVELOPER_PROVIDER, useIdentityWorld } from '../../../test/identity-world.ts'

describe.each(engines)('MergeDeveloperIdentities on %s', (engine) => {
  const server = useTestServer({ engine })
  const world = useIdentityWorld(server)
  const merge = async (from: string, to: string, more: object = {}, client = world.admin) =>
    (
      await client.send(
        new MergeDeveloperIdentitiesCommand({
          IdentityPoolId: world.poolId,
          DeveloperProviderName: DEVELOPER_PROVIDER,
          SourceUserIdentifier: from,
          DestinationUserIdentifier: to,
          ...more,
        }),
      )
    ).IdentityId
  const link = async (identifier: string, id?: string) =>
    (await developerToken(world.admin, world.poolId, { [DEVELOPER_PROVIDER]: identifier }, id)).id
  const identifiersAt = async (IdentityId: string) =>
    (await world.admin.send(new LookupDeveloperIdentityCommand({ IdentityPoolId: world.poolId, IdentityId })))
      .DeveloperUserIdentifierList

  it('moves all logins of the source to the destination, and disables the source', async () => {
    const Logins = await world.loginsOf('ada')
    const source = await world.getId(Logins)
    await link('ada', source)
    const destination = await link('ada at work')
    expect(await merge('ada', 'ada at work')).toBe(destination)
    expect(await identifiersAt(destination)).toEqual(['ada', 'ada at work'])
    expect(await identifiersAt(source)).toEqual([])
    expect(await world.getId(Logins)).toBe(destination)
    expect(await link('ada')).toBe(destination)
    // Calls with the old id are answered with the new one, if they show a login.
    const answer = await world.app.send(new GetOpenIdTokenCommand({ IdentityId: source, Logins }))
    expect(answer.IdentityId).toBe(destination)
    expect(await link('ada', source)).toBe(destination)
    await expectRefusal(
      world.app.send(new GetOpenIdTokenCommand({ IdentityId: source })),
      'NotAuthorizedException',
      `Access to Identity '${source}' is forbidden.`,
    )
    const { Identities = [] } = await world.admin.send(
      new ListIdentitiesCommand({ IdentityPoolId: world.poolId, MaxResults: 60, HideDisabled: true }),
    )
    expect(Identities.map(({ IdentityId }) => IdentityId)).not.toContain(source)
    expect(await merge('ada', 'ada at work')).toBe(destination)
  })

  it('follows several mergers', async () => {
    const ids = [await link('m-1'), await link('m-2'), await link('m-3')]
    await merge('m-1', 'm-2')
    await merge('m-2', 'm-3')
    expect(await link('m-1', ids[0])).toBe(ids[2])
  })

  it('in concurrent requests ends with one identity that has all logins', async () => {
    const ids = [await link('r-1'), await link('r-2')]
    await Promise.allSettled([merge('r-1', 'r-2'), merge('r-2', 'r-1'), link('r-3', ids[0]), link('r-4', ids[1])])
    const [survivor] = new Set(await Promise.all(['r-1', 'r-2'].map((name) => link(name))))
    expect(await identifiersAt(survivor as string)).toEqual(expect.arrayContaining(['r-1', 'r-2']))
    for (const name of ['r-3', 'r-4']) expect(await link(name, survivor)).toBe(survivor)
  })

  it('refuses identities with different users of one public provider', async () => {
    await link('bea', await world.getId(await world.loginsOf('bea')))
    await link('cy', await world.getId(await world.loginsOf('cy')))
    await expectRefusal(
      merge('bea', 'cy'),
      'ResourceConflictException',
      'Logins are already linked to another account.',
    )
    const id = await link('bea')
    expect((await world.admin.send(new DescribeIdentityCommand({ IdentityId: id }))).Logins).toContain(world.provider)
  })

  it('refuses more than twenty logins', async () => {
    const [one, other] = [await link('one'), await link('other')]
    for (let i = 0; i < 10; i++) {
      await link(`one-${i}`, one)
      await link(`other-${i}`, other)
    }
    await expectRefusal(
      merge('one', 'other'),
      'ResourceConflictException',
      'An identity can not have more than 20 logins.',
    )
  })

  it('refuses unknown users, pools and providers', async () => {
    await link('dee')
    const notFound = (name: string) => [
      'ResourceNotFoundException' as const,
      `Developer user identifier '${name}' not found.`,
    ]
    for (const [from, to] of [
      ['nobody', 'dee'],
      ['dee', 'nobody'],
    ] as const)
      await expectRefusal(merge(from, to), ...(notFound('nobody') as [string, string]))
    await expectRefusal(
      merge('dee', 'dee', { DeveloperProviderName: 'login.other.app' }),
      'InvalidParameterException',
      'This identity pool does not support the specified developer provider',
    )
    const unknown = 'us-east-1:00000000-0000-4000-8000-000000000000'
    await expectRefusal(
      merge('dee', 'dee', { IdentityPoolId: unknown }),
      'ResourceNotFoundException',
      `IdentityPool '${unknown}' not found.`,
    )
  })

  it('refuses callers without permission', async () => {
    const bea = identityClient(server, await makeIamUser(world.iam, 'bea'))
    await expectRefusal(
      merge('a', 'b', {}, bea),
      'AccessDeniedException',
      /cognito-identity:MergeDeveloperIdentities on resource: arn:aws:cognito-identity:.*:identitypool\//,
    )
  })
})
