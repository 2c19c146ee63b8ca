import { describe, expect, it } from 'vitest'
import { datasetPrefix, payloadParts, streamJobs } from './stream-job-rules.ts'
import { type StreamChange, streamBodies } from './stream-record-rules.ts'

const change: StreamChange = {
  identityPoolId: 'us-east-1:11',
  identityId: 'us-east-1:22',
  datasetName: 'prefs:all',
  operation: 'replace',
  syncCount: 7,
  updatedAt: 1_500_000_000_123,
  records: [
    { key: 'a', value: '"é"', syncCount: 7, updatedAt: 1_500_000_000_123, deviceUpdatedAt: 1_499_999_999_999 },
    { key: 'b', value: undefined, syncCount: 7, updatedAt: 1_500_000_000_123, deviceUpdatedAt: undefined },
  ],
}

// docs/reference/identity-pools-sts-iam-sync.md 21.2
it('a change is one record of the stream', () => {
  const [body, ...more] = streamBodies(change, 10_000)
  expect(more).toEqual([])
  expect(JSON.parse(body as string)).toEqual({
    identityPoolId: 'us-east-1:11',
    identityId: 'us-east-1:22',
    dataSetName: 'prefs:all',
    operation: 'replace',
    kinesisSyncRecords: [
      {
        key: 'a',
        value: '"é"',
        syncCount: 7,
        lastModifiedDate: 1_500_000_000_123,
        deviceLastModifiedDate: 1_499_999_999_999,
        op: 'replace',
      },
      {
        key: 'b',
        value: null,
        syncCount: 7,
        lastModifiedDate: 1_500_000_000_123,
        deviceLastModifiedDate: null,
        op: 'remove',
      },
    ],
    lastModifiedDate: 1_500_000_000_123,
    kinesisSyncRecordsURL: null,
    payloadType: 'Inline',
    syncCount: 7,
  })
})

it('a large change comes in parts that hold each key once, none larger than the bound', () => {
  const records = Array.from({ length: 100 }, (_, n) => ({
    key: `k${n}`,
    value: 'ü"'.repeat(n),
    syncCount: 7,
    updatedAt: 1,
    deviceUpdatedAt: undefined,
  }))
  const bodies = streamBodies({ ...change, records }, 2000)
  expect(bodies.length).toBeGreaterThan(10)
  for (const body of bodies) expect(Buffer.byteLength(body)).toBeLessThanOrEqual(2000)
  const keys = bodies.flatMap((body) => JSON.parse(body).kinesisSyncRecords.map(({ key }: { key: string }) => key))
  expect(keys).toEqual(records.map(({ key }) => key))
})

it('a key whose value is larger than the bound stands alone', () => {
  const [small] = change.records
  const records = [small, { ...small, key: 'large', value: 'x'.repeat(5000) }, { ...small, key: 'c' }] as never
  const bodies = streamBodies({ ...change, records }, 1000)
  expect(bodies.map((body) => JSON.parse(body).kinesisSyncRecords.length)).toEqual([1, 1, 1])
})

describe('the jobs of changes', () => {
  it('stand in the order of the counts of their dataset, and of no other', () => {
    const ids = [9, 10, 100].map((syncCount) => streamJobs({ ...change, syncCount }, 10_000, 1)[0]?.id as string)
    expect([...ids].sort()).toEqual(ids)
    expect(datasetPrefix(ids[0] as string)).toBe('stream/prefs:all/')
    const [other] = streamJobs({ ...change, datasetName: 'prefs:all:more' }, 10_000, 1)
    expect(other?.id.startsWith(datasetPrefix(ids[0] as string))).toBe(false)
  })

  it('hold the pool and the record', () => {
    const [job] = streamJobs(change, 10_000, 1)
    expect(payloadParts(job?.payload as string)).toEqual({
      poolId: 'us-east-1:11',
      body: streamBodies(change, 10_000)[0],
    })
    expect(payloadParts('')).toBeUndefined()
  })
})
