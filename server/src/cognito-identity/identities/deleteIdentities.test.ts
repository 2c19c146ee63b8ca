import {
  DeleteIdentitiesCommand,
  DescribeIdentityCommand,
  GetOpenIdTokenCommand,
} from '@aws-sdk/client-cognito-identity'
import { describe, expect, it } from 'vitest'
import { identityClient } from '../../../test/aws-clients.ts'
import { engines, expectRefusal, useTestServer } from '../../../test/harness.ts'
import { makeIamUser } from '../../../test/iam.ts'
import { useIdentityWorld } from '../../../test/identity-world.ts'

describe.each(engines)('DeleteIdentities on %s', (engine) => {
  const server = useTestServer({ engine })
  const world = useIdentityWorld(server)
  const remove = (IdentityIdsToDelete: string[], client = world.admin) =>
    client.send(new DeleteIdentitiesCommand({ IdentityIdsToDelete })).then((answer) => answer.UnprocessedIdentityIds)

  it('deletes identities; their logins then get new ones', async () => {
    const Logins = await world.loginsOf('ada')
    const ids = [await world.getId(Logins), await world.getId(), await world.getId()]
    expect(await remove([...ids, ids[0] as string])).toEqual([])
    for (const IdentityId of ids)
      await expectRefusal(
        world.admin.send(new DescribeIdentityCommand({ IdentityId })),
        'ResourceNotFoundException',
        `Identity '${IdentityId}' not found.`,
      )
    expect(ids).not.toContain(await world.getId(Logins))
  })

  it('returns unknown ids as unprocessed, and deletes the others', async () => {
    const unknown = 'us-east-1:00000000-0000-4000-8000-000000000000'
    const id = await world.getId()
    expect(await remove([unknown, id])).toEqual([{ IdentityId: unknown, ErrorCode: 'AccessDenied' }])
    expect(await remove([id])).toEqual([{ IdentityId: id, ErrorCode: 'AccessDenied' }])
  })

  it('does not remove a login that is linked concurrently', async () => {
    for (let turn = 0; turn < 5; turn++) {
      const Logins = await world.loginsOf(`user-${turn}`)
      const guest = await world.getId()
      const [linked, unprocessed] = await Promise.allSettled([
        world.app.send(new GetOpenIdTokenCommand({ IdentityId: guest, Logins })),
        remove([guest]),
      ])
      expect(unprocessed.status).toBe('fulfilled')
      if (linked.status === 'rejected')
        expect(linked.reason.name).toMatch(/^(NotAuthorized|ResourceNotFound)Exception$/)
      // Whichever came first: the login leads to a live identity.
      const id = await world.getId(Logins)
      expect((await world.admin.send(new DescribeIdentityCommand({ IdentityId: id }))).Logins).toEqual([world.provider])
    }
  })

  it('accepts one to sixty ids', async () => {
    const id = 'us-east-1:00000000-0000-4000-8000-000000000000'
    for (const [count, problem] of [
      [0, 'greater than or equal to 1'],
      [61, 'less than or equal to 60'],
    ] as const)
      await expectRefusal(
        remove(Array(count).fill(id)),
        'ValidationException',
        new RegExp(`at 'identityIdsToDelete' failed to satisfy constraint: Member must have length ${problem}$`),
      )
  })

  it('refuses callers without permission', async () => {
    const id = await world.getId()
    const bea = identityClient(server, await makeIamUser(world.iam, 'bea'))
    await expectRefusal(
      remove([id], bea),
      'AccessDeniedException',
      `User: arn:aws:iam::${server.accountId}:user/bea is not authorized to perform: cognito-identity:DeleteIdentities on resource: * because no identity-based policy allows the cognito-identity:DeleteIdentities action`,
    )
  })
})
