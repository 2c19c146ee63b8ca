import { describe, expect, it } from 'vitest'
import { limits } from '../limits.ts'
import { bulkDetails, bulkRefusal } from './bulk-rules.ts'

const CognitoStreams = { StreamName: 'a', RoleArn: 'r', StreamingStatus: 'ENABLED' } as const
const now = 1_000_000_000
const succeeded = (completedAt: number) => ({ status: 'SUCCEEDED', startedAt: 1, completedAt }) as const

describe('a bulk publish', () => {
  it.each([
    [{}, 'InvalidParameterException'],
    [{ CognitoStreams: { ...CognitoStreams, StreamingStatus: 'DISABLED' } }, 'InvalidParameterException'],
    [{ CognitoStreams }, undefined],
    [{ CognitoStreams, bulk: { status: 'IN_PROGRESS', startedAt: 1 } }, 'DuplicateRequestException'],
    [{ CognitoStreams, bulk: { status: 'FAILED', startedAt: 1, completedAt: now } }, undefined],
    [{ CognitoStreams, bulk: succeeded(now - limits.bulkPause.max + 1) }, 'AlreadyStreamedException'],
    [{ CognitoStreams, bulk: succeeded(now - limits.bulkPause.max) }, undefined],
  ] as const)('of %j is refused with %s', (settings, refused) => {
    expect(bulkRefusal(settings, now)?.refused).toBe(refused)
  })
})

it('the details have what there is', () => {
  expect(bulkDetails('p', {})).toEqual({ IdentityPoolId: 'p', BulkPublishStatus: 'NOT_STARTED' })
  expect(bulkDetails('p', { bulk: { status: 'FAILED', startedAt: 1, completedAt: 2, failure: 'no' } })).toEqual({
    IdentityPoolId: 'p',
    BulkPublishStatus: 'FAILED',
    BulkPublishStartTime: new Date(1),
    BulkPublishCompleteTime: new Date(2),
    FailureMessage: 'no',
  })
})
