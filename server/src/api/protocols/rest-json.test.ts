import { describe, expect, it } from 'vitest'
import { cognitoSyncModel } from '../../contract/cognito-sync.model.ts'
import { matchPath, readRestInput } from './rest-json.ts'

const POOL = 'us-east-1:11111111-1111-1111-1111-111111111111'
const IDENTITY = 'us-east-1:22222222-2222-2222-2222-222222222222'
const DATASETS = `/identitypools/${encodeURIComponent(POOL)}/identities/${encodeURIComponent(IDENTITY)}/datasets`

function read(name: string, rawPath: string, { query = '', headers = [] as [string, string][], body = '' } = {}) {
  const model = cognitoSyncModel.operations[name] as (typeof cognitoSyncModel.operations)[string]
  return readRestInput(
    { service: { model: cognitoSyncModel }, name, model },
    {
      method: model.http?.method as string,
      rawPath,
      rawQuery: query,
      headers,
      body: Buffer.from(body),
      remoteAddress: undefined,
    },
  )
}

describe('the path', () => {
  it.each([
    ['encoded', DATASETS],
    ['as it is', `/identitypools/${POOL}/identities/${IDENTITY}/datasets`],
    ['with a final slash', `${DATASETS}/`],
  ])('is read %s', (_, path) => {
    expect(read('ListDatasets', path)).toEqual({ IdentityPoolId: POOL, IdentityId: IDENTITY })
  })

  it('is decoded once', () => {
    expect(read('DescribeDataset', `${DATASETS}/a%253Ab`)).toMatchObject({ DatasetName: 'a%3Ab' })
    expect(read('DescribeDataset', `${DATASETS}/my.data%3Aset-1`)).toMatchObject({ DatasetName: 'my.data:set-1' })
  })

  it('that is not UTF-8 is refused', () => {
    expect(() => read('DescribeDataset', `${DATASETS}/%ff`)).toThrow('The path is not percent-encoded UTF-8')
  })

  it('of another operation is none of this one', () => {
    const { ListDatasets, DescribeDataset } = cognitoSyncModel.operations
    expect(matchPath(ListDatasets as never, `${DATASETS}/d`)).toBeUndefined()
    expect(matchPath(DescribeDataset as never, `${DATASETS}/d/records`)).toBeUndefined()
  })
})

describe('the query', () => {
  it('is read by its names, the first of each, unknown ones aside', () => {
    const query = 'lastSyncCount=3&maxResults=10&maxResults=20&syncSessionToken=a%2Bb%2Fc%3D%3D&nextToken=a+b&other=1'
    expect(read('ListRecords', `${DATASETS}/d/records`, { query })).toEqual({
      IdentityPoolId: POOL,
      IdentityId: IDENTITY,
      DatasetName: 'd',
      LastSyncCount: 3,
      MaxResults: 10,
      NextToken: 'a+b',
      SyncSessionToken: 'a+b/c==',
    })
  })

  it.each([
    ['maxResults=ten', 'STRING_VALUE can not be converted to an Integer'],
    ['maxResults=4294967296', 'NUMBER_VALUE can not be converted to an Integer'],
    ['maxResults=1.5', 'STRING_VALUE can not be converted to an Integer'],
    ['lastSyncCount=', 'STRING_VALUE can not be converted to a Long'],
    ['nextToken=%', 'The query is not percent-encoded UTF-8'],
  ])('%s is refused', (query, message) => {
    expect(() => read('ListRecords', `${DATASETS}/d/records`, { query })).toThrow(message)
  })
})

describe('the body', () => {
  it('holds the members that have no other place, and headers theirs', () => {
    const headers: [string, string][] = [['X-Amz-Client-Context', 'phone']]
    const body = '{"SyncSessionToken":"t","RecordPatches":[{"Op":"remove","Key":"k","SyncCount":4}]}'
    expect(read('UpdateRecords', `${DATASETS}/d`, { headers, body })).toEqual({
      IdentityPoolId: POOL,
      IdentityId: IDENTITY,
      DatasetName: 'd',
      ClientContext: 'phone',
      SyncSessionToken: 't',
      RecordPatches: [{ Op: 'remove', Key: 'k', SyncCount: 4 }],
    })
  })

  it('cannot name what the path, the query or a header names', () => {
    const body = '{"IdentityId":"us-east-1:99999999-9999-9999-9999-999999999999","ClientContext":"other"}'
    const input = read('UpdateRecords', `${DATASETS}/d`, { body })
    expect(input).toMatchObject({ IdentityId: IDENTITY })
    expect(input).not.toHaveProperty('ClientContext')
  })

  it('may be absent, and of a GET it is not read', () => {
    expect(read('BulkPublish', `/identitypools/${POOL}/bulkpublish`)).toEqual({ IdentityPoolId: POOL })
    expect(read('ListDatasets', DATASETS, { body: 'no JSON' })).toMatchObject({ IdentityPoolId: POOL })
  })
})
