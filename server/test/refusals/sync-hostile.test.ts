// What no SDK sends to Cognito Sync: paths in other encodings, ids in other cases, tokens of other lists, texts and dates that
// databases may not store.
import { beforeAll, describe, expect, it } from 'vitest'
import { engines, useTestServer } from '../harness.ts'
import { identityCredentialCalls } from '../identity-credentials.ts'
import { useIdentityWorld } from '../identity-world.ts'
import { type Device, deviceFor, patch } from '../sync.ts'
import { type Answer, sendRaw, signed } from './raw-request.ts'

describe.each(engines)('Cognito Sync on %s', (engine) => {
  const server = useTestServer({ engine })
  const world = useIdentityWorld(server)
  let own: Device
  let other: Device
  let credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }
  beforeAll(async () => {
    own = await deviceFor(server, world)
    other = await deviceFor(server, world)
    await own.push('d', [patch('a', 'own'), patch('b', 'own')])
    await other.push('d', [patch('a', 'theirs'), patch('b', 'theirs')])
    credentials = await identityCredentialCalls(server, world).signerOf(own.ids.IdentityId)
  })

  /** Sends a path as it is, signed with the credentials of `own`. */
  function send(method: string, path: string, body?: object): Promise<Answer> {
    const call = {
      method,
      path,
      headers: [['host', new URL(server.url).host] as const],
      body: body === undefined ? '' : JSON.stringify(body),
    }
    return sendRaw(server, { ...call, headers: signed(server, call, { credentials, service: 'cognito-sync' }) })
  }
  const below = (identity: string, rest: string): string =>
    `/identitypools/${own.ids.IdentityPoolId}/identities/${identity}${rest}`

  it.each<[what: string, path: (own: string, theirs: string) => string, status: number, error: string | undefined]>([
    ['an encoded slash', (mine, theirs) => `${mine}%2F..%2F${theirs}`, 400, 'InvalidParameterException'],
    ['an encoded slash at the end', (_, theirs) => `${theirs}%2F`, 400, 'InvalidParameterException'],
    ['a slash that is encoded twice', (mine, theirs) => `${mine}%252F${theirs}`, 400, 'InvalidParameterException'],
    ['dots', (mine, theirs) => `${mine}/../${theirs}`, 403, undefined],
    ['encoded dots', (mine, theirs) => `${mine}/%2e%2e/${theirs}`, 403, undefined],
    ['two ids', (mine, theirs) => `${mine}/${theirs}`, 400, 'UnknownOperationException'],
    ['a colon', (_, theirs) => theirs, 403, 'NotAuthorizedException'],
    ['an encoded colon', (_, theirs) => encodeURIComponent(theirs), 403, 'NotAuthorizedException'],
    ['a colon encoded twice', (mine) => mine.replace(':', '%253A'), 400, 'InvalidParameterException'],
    ['capitals', (_, theirs) => theirs.toUpperCase(), 400, 'InvalidParameterException'],
    ['its own id in capitals', (mine) => mine.toUpperCase(), 400, 'InvalidParameterException'],
    ['a region in capitals', (mine) => mine.replace('us', 'US'), 403, 'NotAuthorizedException'],
    ['U+0000 behind its own id', (mine) => `${mine}%00`, 400, 'InvalidParameterException'],
    ['bytes that are not UTF-8', () => '%ff', 400, 'SerializationException'],
  ])("a path with %s leads to nobody's data", async (_, path, status, error) => {
    const identity = path(own.ids.IdentityId, other.ids.IdentityId)
    for (const rest of ['/datasets/d/records', '/datasets/d', '/datasets', '']) {
      const answer = await send('GET', below(identity, rest))
      expect([answer.status, answer.json.__type]).toEqual([status, error])
    }
  })

  it.each([['%2F'], ['%00'], ['d%0A'], ['d%20'], ['%C3%A4']])('a dataset cannot be called %s', async (name) => {
    const { status, json } = await send('GET', below(own.ids.IdentityId, `/datasets/${name}/records`))
    expect([status, json.__type]).toEqual([400, 'InvalidParameterException'])
  })

  it('members of a path are read there alone', async () => {
    const query = `IdentityId=${other.ids.IdentityId}&identityId=${other.ids.IdentityId}`
    const listed = await send('GET', below(own.ids.IdentityId, `/datasets/d/records?${query}`))
    expect(listed.json['Records']).toMatchObject([{ Value: 'own' }, { Value: 'own' }])
    const { SyncSessionToken } = await own.pull('d')
    const RecordPatches = [patch('a', 'changed', 1)]
    const body = { ...other.ids, DatasetName: 'd', SyncSessionToken, RecordPatches }
    expect((await send('POST', below(own.ids.IdentityId, '/datasets/d'), body)).status).toBe(200)
    expect([await own.values('d'), await other.values('d')]).toEqual([
      { a: 'changed', b: 'own' },
      { a: 'theirs', b: 'theirs' },
    ])
  })

  it('page tokens open the list alone that gave them', async () => {
    const invalid = { name: 'InvalidParameterException', message: 'Invalid pagination token' }
    const { NextToken } = await own.pull('d', 0, { MaxResults: 1 })
    expect(NextToken).toBeDefined()
    await expect(other.pull('d', 0, { NextToken })).rejects.toMatchObject(invalid)
    await expect(own.pull('e', 0, { NextToken })).rejects.toMatchObject(invalid)
    await expect(own.pull('d', 1, { NextToken })).rejects.toMatchObject(invalid)
    await expect(own.pull('d', 0, { NextToken: `${NextToken}A` })).rejects.toMatchObject(invalid)
    expect((await own.pull('d', 0, { NextToken })).Count).toBe(1)
  })

  const push = async (more: object, patches: readonly object[] = [patch('k', 'v')]): Promise<unknown[]> => {
    const { SyncSessionToken } = await own.pull('odd')
    const body = { SyncSessionToken, RecordPatches: patches, ...more }
    const { status, json } = await send('POST', below(own.ids.IdentityId, '/datasets/odd'), body)
    return status === 200 ? [status] : [status, json.__type, json.message]
  }

  it.each<[what: string, more: object, patches: object[] | undefined, refusal: unknown[]]>([
    [
      'U+0000 in the name of a device',
      { DeviceId: 'a\0b' },
      undefined,
      [400, 'InvalidParameterException', 'DeviceId must not contain the character U+0000.'],
    ],
    [
      'half a surrogate pair',
      {},
      [patch('k', '\ud800')],
      [400, 'SerializationException', 'The request body holds an unpaired surrogate'],
    ],
    [
      'a date in words',
      {},
      [{ ...patch('k', 'v'), DeviceLastModifiedDate: 'yesterday' }],
      [400, 'SerializationException', 'STRING_VALUE can not be converted to a Timestamp'],
    ],
    [
      'a date that no clock shows',
      {},
      [{ ...patch('k', 'v'), DeviceLastModifiedDate: 1e13 }],
      [400, 'SerializationException', 'NUMBER_VALUE can not be converted to a Timestamp'],
    ],
    [
      'half a count',
      {},
      [{ ...patch('k', 'v'), SyncCount: 1.5 }],
      [400, 'SerializationException', 'NUMBER_VALUE can not be converted to a Long'],
    ],
    [
      'a count that nobody reaches',
      {},
      [patch('k', 'v', Number.MAX_SAFE_INTEGER)],
      [409, 'ResourceConflictException', 'Current SyncCount for: k is: 0 not: 9007199254740991'],
    ],
  ])('a push with %s is refused', async (_, more, patches, refusal) => {
    expect(await push(more, patches)).toEqual(refusal)
    expect(await own.names()).not.toContain('odd')
  })

  it('dates of devices come back as they were, the first and the last one, too', async () => {
    const seconds = [8.64e12, -8.64e12, 0, 1_500_000_000.123, -0.001]
    const { SyncSessionToken } = await own.pull('dates')
    const RecordPatches = seconds.map((DeviceLastModifiedDate, i) => ({
      ...patch(`${i}`, 'v'),
      DeviceLastModifiedDate,
    }))
    const path = below(own.ids.IdentityId, '/datasets/dates')
    expect((await send('POST', path, { SyncSessionToken, RecordPatches })).status).toBe(200)
    const { json } = await send('GET', `${path}/records`)
    const records = json['Records'] as { DeviceLastModifiedDate: number }[]
    expect(records.map(({ DeviceLastModifiedDate }) => DeviceLastModifiedDate)).toEqual(seconds)
  })
})
