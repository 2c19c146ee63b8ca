import { ListDatasetsCommand } from '@aws-sdk/client-cognito-sync'
import { beforeAll, describe, expect, it } from 'vitest'
import { syncClient } from '../../../test/aws-clients.ts'
import { engines, expectRefusal, useTestServer } from '../../../test/harness.ts'
import { useIdentityWorld } from '../../../test/identity-world.ts'
import { type Device, deviceFor, deviceOf, patch } from '../../../test/sync.ts'

describe.each(engines)('ListDatasets on %s', (engine) => {
  const server = useTestServer({ engine })
  const world = useIdentityWorld(server)
  let device: Device
  beforeAll(async () => {
    device = await deviceFor(server, world)
    for (const name of ['b', 'a', 'Z', 'a.b', 'gone', 'a:c']) await device.push(name, [patch('k', 'v')])
    await device.delete('gone')
    await (await deviceFor(server, world)).push('of-another', [patch('k', 'v')])
  })
  const list = (more: object = {}, ids = device.ids, client = device.client) =>
    client.send(new ListDatasetsCommand({ ...ids, ...more }))

  it('shows the datasets of the identity by name, page by page', async () => {
    const names = ['Z', 'a', 'a.b', 'a:c', 'b']
    expect(await device.names()).toEqual(names)
    for (const MaxResults of [1, 2, 5, 5000]) {
      const seen: (string | undefined)[] = []
      for (let NextToken: string | undefined, more = true; more; more = NextToken !== undefined) {
        const page = await list({ MaxResults, NextToken })
        expect(page.Count).toBe(page.Datasets?.length)
        seen.push(...(page.Datasets ?? []).map(({ DatasetName }) => DatasetName))
        NextToken = page.NextToken
      }
      expect(seen).toEqual(names)
    }
    expect((await list({ MaxResults: 1 })).Datasets).toEqual([await device.describe('Z')])
  })

  it('shows nothing of unknown identities, nor of one of another pool', async () => {
    const uuid = '00000000-0000-4000-8000-000000000000'
    for (const ids of [
      { IdentityId: `us-east-1:${uuid}` },
      { IdentityPoolId: `us-east-1:${uuid}` },
      { IdentityPoolId: await world.makePool() },
    ]) {
      const { names } = deviceOf(syncClient(server), { ...device.ids, ...ids })
      expect(await names()).toEqual([])
    }
  })

  it('refuses page tokens of other lists, and no size', async () => {
    const { NextToken } = await list({ MaxResults: 1 })
    const developer = syncClient(server)
    const elsewhere = { ...device.ids, IdentityId: 'us-east-1:00000000-0000-4000-8000-000000000000' }
    await expectRefusal(
      list({ NextToken }, elsewhere, developer),
      'InvalidParameterException',
      'Invalid pagination token',
    )
    await expectRefusal(list({ MaxResults: -1 }), 'InvalidParameterException', 'maxResults must not be negative.')
  })
})
