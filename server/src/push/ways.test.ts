import { expect, it } from 'vitest'
import { TestClock } from '../../test/harness.ts'
import { arnOf, data, expectFailure, ID, poke } from '../../test/pushes.ts'
import { payloadOf } from './poke.ts'
import { createPusher } from './ways.ts'

it('an application that the file does not name is told of, and may be named by the next start', async () => {
  const web = { send: async () => ({ failed: 'no-answer', detail: 'there is no web here' }) as const }
  const pusher = createPusher({ places: [], clock: new TestClock(), web })
  expect(pusher.knows(arnOf('GCM'))).toBe(false)
  const push = { id: ID, applicationArn: arnOf('GCM'), platform: 'GCM', token: 't', poke }
  await expectFailure(pusher.send(push), /does not name/, false)
  pusher.close()
})

it('all members of the payload are texts, as old clients read them', () => {
  expect(payloadOf(poke)).toEqual(data)
})
