import { LookupDeveloperIdentityCommand } from '@aws-sdk/client-cognito-identity'
import { describe, expect, it } from 'vitest'
import { identityClient } from '../../../test/aws-clients.ts'
import { engines, expectRefusal, useTestServer } from '../../../test/harness.ts'
import { makeIamUser } from '../../../test/iam.ts'
import { developerToken } from '../../../test/identity.ts'
import { DEVELOPER_PROVIDER, useIdentityWorld } from '../../../test/identity-world.ts'

describe.each(engines)('LookupDeveloperIdentity on %s', (engine) => {
  const server = useTestServer({ engine })
  const world = useIdentityWorld(server)
  const lookup = async (input: object, client = world.admin) => {
    const { $metadata, ...answer } = await client.send(
      new LookupDeveloperIdentityCommand({ IdentityPoolId: world.poolId, ...input }),
    )
    return answer
  }
  const link = async (identifier: string, id?: string) =>
    (await developerToken(world.admin, world.poolId, { [DEVELOPER_PROVIDER]: identifier }, id)).id
  const notFound = (input: object, text: string) => expectRefusal(lookup(input), 'ResourceNotFoundException', text)

  it('finds by user, by identity and by both', async () => {
    const id = await link('ada')
    await link('ada at work', id)
    const all = { IdentityId: id, DeveloperUserIdentifierList: ['ada', 'ada at work'] }
    expect(await lookup({ DeveloperUserIdentifier: 'ada at work' })).toEqual(all)
    expect(await lookup({ IdentityId: id })).toEqual(all)
    expect(await lookup({ IdentityId: id, DeveloperUserIdentifier: 'ada' })).toEqual({
      IdentityId: id,
      DeveloperUserIdentifierList: ['ada'],
    })
    const guest = await world.getId()
    expect(await lookup({ IdentityId: guest })).toEqual({ IdentityId: guest, DeveloperUserIdentifierList: [] })
  })

  it('pages, with page tokens bound to the identity', async () => {
    const id = await link('b-1')
    for (const name of ['b-2', 'b-3', 'b-4', 'b-5']) await link(name, id)
    const first = await lookup({ IdentityId: id, MaxResults: 2 })
    const second = await lookup({ IdentityId: id, MaxResults: 2, NextToken: first.NextToken })
    const third = await lookup({ DeveloperUserIdentifier: 'b-1', MaxResults: 2, NextToken: second.NextToken })
    expect([first, second, third].map((page) => page.DeveloperUserIdentifierList)).toEqual([
      ['b-1', 'b-2'],
      ['b-3', 'b-4'],
      ['b-5'],
    ])
    expect(third.NextToken).toBeUndefined()
    const other = await link('other')
    await expectRefusal(
      lookup({ IdentityId: other, NextToken: first.NextToken }),
      'InvalidParameterException',
      'Invalid pagination token',
    )
  })

  it('refuses a user and an identity that do not belong together', async () => {
    const id = await link('cy')
    await link('dee')
    await expectRefusal(
      lookup({ IdentityId: id, DeveloperUserIdentifier: 'dee' }),
      'ResourceConflictException',
      'The developer user identifier is linked to another identity.',
    )
    await notFound(
      { IdentityId: id, DeveloperUserIdentifier: 'nobody' },
      "Developer user identifier 'nobody' not found.",
    )
  })

  it('refuses unknown users and identities, and a request that names neither', async () => {
    await notFound({ DeveloperUserIdentifier: 'nobody' }, "Developer user identifier 'nobody' not found.")
    await notFound({ DeveloperUserIdentifier: '__proto__' }, "Developer user identifier '__proto__' not found.")
    const unknown = 'us-east-1:00000000-0000-4000-8000-000000000000'
    await notFound({ IdentityId: unknown }, `Identity '${unknown}' not found.`)
    await notFound({ IdentityPoolId: unknown, IdentityId: unknown }, `IdentityPool '${unknown}' not found.`)
    const elsewhere = await world.getId(undefined, await world.makePool())
    await notFound({ IdentityId: elsewhere }, `Identity '${elsewhere}' not found.`)
    await expectRefusal(
      lookup({}),
      'InvalidParameterException',
      'Either IdentityId or DeveloperUserIdentifier is required.',
    )
    const IdentityPoolId = await world.makePool({ DeveloperProviderName: undefined })
    await expectRefusal(
      lookup({ IdentityPoolId, DeveloperUserIdentifier: 'ada' }),
      'InvalidParameterException',
      'This identity pool does not support the specified developer provider',
    )
  })

  it('refuses callers without permission', async () => {
    const bea = identityClient(server, await makeIamUser(world.iam, 'bea'))
    await expectRefusal(
      lookup({ DeveloperUserIdentifier: 'ada' }, bea),
      'AccessDeniedException',
      /cognito-identity:LookupDeveloperIdentity on resource: arn:aws:cognito-identity:.*:identitypool\//,
    )
  })
})
