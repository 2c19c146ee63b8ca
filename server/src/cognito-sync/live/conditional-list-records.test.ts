// ListRecords with If-None-Match: 304 while nothing has changed, in what clients see of it.
import { DeleteDatasetCommand, ListRecordsCommand, UpdateRecordsCommand } from '@aws-sdk/client-cognito-sync'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { syncClient } from '../../../test/aws-clients.ts'
import { useTestServer } from '../../../test/harness.ts'
import { useIdentityWorld } from '../../../test/identity-world.ts'
import { type Answer, sendRaw, signed } from '../../../test/refusals/raw-request.ts'

const server = useTestServer()
const world = useIdentityWorld(server)
let client: ReturnType<typeof syncClient>
let named: { IdentityPoolId: string; IdentityId: string; DatasetName: string }
beforeAll(async () => {
  client = syncClient(server)
  named = { IdentityPoolId: world.poolId, IdentityId: await world.getId(), DatasetName: 'prefs' }
})
afterAll(() => client?.destroy())

function list(lastSyncCount: number, ifNoneMatch?: string): Promise<Answer> {
  const [pool, identity] = [named.IdentityPoolId, named.IdentityId].map(encodeURIComponent)
  const call = {
    method: 'GET',
    path: `/identitypools/${pool}/identities/${identity}/datasets/prefs/records?lastSyncCount=${lastSyncCount}`,
    headers: [['host', new URL(server.url).host] as const],
    body: '',
  }
  const headers = [...signed(server, call, { service: 'cognito-sync' })]
  if (ifNoneMatch !== undefined) headers.push(['if-none-match', ifNoneMatch])
  return sendRaw(server, { ...call, headers })
}

async function write(Key: string): Promise<void> {
  const { SyncSessionToken } = await client.send(new ListRecordsCommand(named))
  const RecordPatches = [{ Op: 'replace' as const, Key, Value: 'value', SyncCount: 0 }]
  await client.send(new UpdateRecordsCommand({ ...named, SyncSessionToken, RecordPatches }))
}

it('answers 304 without a body while the count is the one that the client has', async () => {
  await write('one')
  const first = await list(0)
  expect(first).toMatchObject({ status: 200, headers: { etag: '"1"', 'cache-control': 'no-store' } })
  expect(first.headers['access-control-expose-headers']).toContain('ETag')

  const same = await list(1, '"1"')
  expect({ status: same.status, text: same.text, etag: same.headers.etag }).toEqual({
    status: 304,
    text: '',
    etag: '"1"',
  })
  expect(same.headers).toMatchObject({ 'access-control-allow-origin': '*', 'x-amzn-requestid': expect.any(String) })
  expect(same.headers).not.toHaveProperty('content-length')

  await write('two')
  expect(await list(1, '"1"')).toMatchObject({ status: 200, headers: { etag: '"2"' }, json: { Count: 1 } })
  await client.send(new DeleteDatasetCommand(named))
  expect(await list(2, '"2"')).toMatchObject({
    status: 200,
    json: { DatasetExists: false, DatasetDeletedAfterRequestedSyncCount: true },
  })
})

it('answers as ever without the header', async () => {
  const { status, json } = await list(3)
  expect({ status, token: typeof json['SyncSessionToken'] }).toEqual({ status: 200, token: 'string' })
})

it('refuses before it compares', async () => {
  const { status } = await sendRaw(server, {
    method: 'GET',
    path: `/identitypools/${encodeURIComponent(named.IdentityPoolId)}/identities/x/datasets/prefs/records`,
    headers: [
      ['host', new URL(server.url).host],
      ['if-none-match', '*'],
    ],
    body: '',
  })
  expect(status).toBe(403)
})
