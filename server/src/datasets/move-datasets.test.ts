// Mergers of identities through the front door: what becomes of their datasets.
import {
  GetCredentialsForIdentityCommand,
  GetOpenIdTokenCommand,
  MergeDeveloperIdentitiesCommand,
} from '@aws-sdk/client-cognito-identity'
import { describe, expect, it } from 'vitest'
import { syncClient } from '../../test/aws-clients.ts'
import { engines, expectRefusal, useTestServer } from '../../test/harness.ts'
import { developerToken } from '../../test/identity.ts'
import { DEVELOPER_PROVIDER, useIdentityWorld } from '../../test/identity-world.ts'
import { type Device, deviceFor, deviceOf, patch } from '../../test/sync.ts'

describe.each(engines)('datasets of identities that are merged, on %s', (engine) => {
  const server = useTestServer({ engine })
  const world = useIdentityWorld(server)
  let users = 0
  /** A guest, and a user with an identity already, who signs in as the guest. */
  const guestAndUser = async () => {
    const logins = await world.loginsOf(`user-${++users}`)
    return { guest: await deviceFor(server, world), user: await deviceFor(server, world, logins), logins }
  }
  const signIn = async (guest: Device, Logins: Record<string, string>): Promise<string> =>
    (await world.app.send(new GetCredentialsForIdentityCommand({ IdentityId: guest.ids.IdentityId, Logins })))
      .IdentityId as string

  it('move to the one that stays, and are named after the other where a name is taken', async () => {
    const { guest, user, logins } = await guestAndUser()
    await guest.push('prefs', [patch('theme', 'dark'), patch('size', '1')])
    await guest.push('prefs', [patch('size', undefined, 1)])
    await guest.push('only-guest', [patch('k', 'v')])
    await user.push('prefs', [patch('theme', 'light')])
    expect(await signIn(guest, logins)).toBe(user.ids.IdentityId)

    const merged = `prefs.${guest.ids.IdentityId}`
    expect(await user.names()).toEqual(['only-guest', 'prefs', merged])
    expect(await user.pull('prefs', 1)).toMatchObject({
      Records: [],
      MergedDatasetNames: [merged],
      DatasetSyncCount: 1,
    })
    expect(await user.values('prefs')).toEqual({ theme: 'light' })
    expect(await user.values(merged)).toEqual({ theme: 'dark' })
    expect((await user.pull(merged)).MergedDatasetNames).toBeUndefined()
    expect(await user.values('only-guest')).toEqual({ k: 'v' })
    expect(await user.describe(merged)).toMatchObject({
      IdentityId: user.ids.IdentityId,
      DatasetName: merged,
      NumRecords: 1,
      DataStorage: 9,
    })
    // The records go on under their counts.
    const [{ SyncCount } = {}] = (await user.pull(merged)).Records ?? []
    await user.push(merged, [patch('theme', 'blue', SyncCount)])
    expect(await user.values(merged)).toEqual({ theme: 'blue' })
    await user.push('only-guest', [patch('k', 'w', 1)])
    expect(await user.values('only-guest')).toEqual({ k: 'w' })

    // The name is told until the dataset is deleted, and not when another one is made under it.
    expect(await user.delete(merged)).toMatchObject({ DatasetName: merged })
    expect((await user.pull('prefs')).MergedDatasetNames).toBeUndefined()
    await user.push(merged, [patch('k', 'v')])
    expect((await user.pull('prefs')).MergedDatasetNames).toBeUndefined()
  })

  it('are not there any more for the identity that went', async () => {
    const { guest, user, logins } = await guestAndUser()
    await guest.push('d', [patch('k', 'v')])
    await signIn(guest, logins)
    expect(await guest.names()).toEqual([])
    expect(await guest.pull('d')).toMatchObject({ DatasetExists: false, Records: [] })
    await expectRefusal(
      guest.push('d', [patch('k', 'v')]),
      'ResourceNotFoundException',
      `Identity '${guest.ids.IdentityId}' not found.`,
    )
    expect(await user.values('d')).toEqual({ k: 'v' })
  })

  it('take the place of one that the other had deleted', async () => {
    const { guest, user, logins } = await guestAndUser()
    for (let i = 0; i < 3; i++) await user.push('d', [patch(`k${i}`, 'v')])
    await user.delete('d')
    await guest.push('d', [patch('k', 'v')])
    await signIn(guest, logins)
    expect(await user.pull('d', 4)).toMatchObject({
      DatasetExists: true,
      DatasetDeletedAfterRequestedSyncCount: true,
      DatasetSyncCount: 5,
    })
    expect(await user.values('d')).toEqual({ k: 'v' })
    expect(await user.push('d', [patch('l', 'v')])).toMatchObject([{ SyncCount: 6 }])
  })

  it('may be more than the limit: a sign-in is never refused for them', async () => {
    const { guest, user, logins } = await guestAndUser()
    for (let i = 0; i < 20; i++) {
      await guest.push(`guest-${i}`, [patch('k', 'v')])
      await user.push(`user-${i}`, [patch('k', 'v')])
    }
    await signIn(guest, logins)
    expect(await user.names()).toHaveLength(40)
    await expectRefusal(user.push('new', [patch('k', 'v')]), 'LimitExceededException')
    await user.push('guest-7', [patch('k', 'w', 1)])
  })

  it('move when a developer merges identities', async () => {
    const link = async (identifier: string) =>
      (await developerToken(world.admin, world.poolId, { [DEVELOPER_PROVIDER]: identifier })).id
    const [from, to] = [await link('from'), await link('to')].map((IdentityId) =>
      deviceOf(syncClient(server), { IdentityPoolId: world.poolId, IdentityId }),
    ) as [Device, Device]
    await from.push('d', [patch('k', 'from')])
    await to.push('d', [patch('k', 'to')])
    await world.admin.send(
      new MergeDeveloperIdentitiesCommand({
        IdentityPoolId: world.poolId,
        DeveloperProviderName: DEVELOPER_PROVIDER,
        SourceUserIdentifier: 'from',
        DestinationUserIdentifier: 'to',
      }),
    )
    const merged = `d.${from.ids.IdentityId}`
    expect((await to.pull('d')).MergedDatasetNames).toEqual([merged])
    expect(await to.values(merged)).toEqual({ k: 'from' })
  })

  it('lose no push that was acknowledged while identities were merged', async () => {
    for (let round = 0; round < 5; round++) {
      const { guest, user, logins } = await guestAndUser()
      await guest.push('d', [patch('k', 'v')])
      const pushes = Array.from({ length: 6 }, (_, i) => {
        const [name, key] = [i % 2 ? 'd' : `new-${i}`, `k${i}`]
        return guest.push(name, [patch(key, 'v')]).then(
          () => [name, key] as const,
          ({ name: error }) => {
            expect(error).toBe('ResourceNotFoundException')
            return undefined
          },
        )
      })
      const [, ...acknowledged] = await Promise.all([
        world.app.send(new GetOpenIdTokenCommand({ IdentityId: guest.ids.IdentityId, Logins: logins })).catch(() =>
          // Pools without the classic flow: credentials merge, too.
          signIn(guest, logins),
        ),
        ...pushes,
      ])
      for (const [name, key] of acknowledged.filter((push) => push !== undefined))
        expect(await user.values(name), `${name} ${key}`).toHaveProperty(key, 'v')
    }
  })
})
