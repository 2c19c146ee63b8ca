import { AdminUpdateAuthEventFeedbackCommand } from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { engines, expectRefusal, usePool, useTestServer } from '../../../test/harness.ts'
import { AUDIT, eventsOf, HOME, signInFrom } from '../../../test/threats.ts'

// What it changes is account-takeover.test.ts.
describe.each(engines)('AdminUpdateAuthEventFeedback (%s)', (engine) => {
  const server = useTestServer({ engine })
  const pool = usePool(server, { pool: AUDIT, users: ['ann', 'bob'] })
  const give = (Username: string, EventId: string | undefined) =>
    server.admin.send(
      new AdminUpdateAuthEventFeedbackCommand({ UserPoolId: pool.poolId, Username, EventId, FeedbackValue: 'Valid' }),
    )

  it('is for an event of its user alone', async () => {
    await signInFrom(server, pool, HOME)
    const [event] = await eventsOf(server, pool.poolId)
    await expectRefusal(
      give('bob', event?.EventId),
      'ResourceNotFoundException',
      `Event ${event?.EventId} does not exist.`,
    )
    await expectRefusal(give('ann', 'no-event'), 'ResourceNotFoundException', 'Event no-event does not exist.')
    await expectRefusal(give('nobody', event?.EventId), 'UserNotFoundException')
    await give('ann', event?.EventId)
    expect((await eventsOf(server, pool.poolId))[0]?.EventFeedback).toMatchObject({
      FeedbackValue: 'Valid',
      Provider: 'Admin',
    })
  })
})
