// A promotion on one of two servers on one PostgreSQL, which the other does not know of yet.
import { randomBytes } from 'node:crypto'
import { DescribeUserPoolCommand, UpdateUserPoolCommand } from '@aws-sdk/client-cognito-identity-provider'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { expectRefusal, makePool, startTestServer, type TestServer } from '../../../test/harness.ts'
import { postgresUrl } from '../../../test/postgres.ts'
import { inRegion, promote, replicate, SECOND } from '../../../test/regions.ts'

let servers: [TestServer, TestServer]
beforeAll(async () => {
  const env = {
    DATABASE_URL: await postgresUrl(),
    DATABASE_CONNECTIONS: '8',
    COGNOMEN_MASTER_KEY: randomBytes(32).toString('base64'),
    PUBLIC_URL: 'http://cognomen.test',
    FURTHER_REGIONS: SECOND,
  }
  const one = await startTestServer({ env })
  servers = [one, await startTestServer({ env })]
  for (const { clock } of servers) clock.freeze()
})
afterAll(() => Promise.all((servers ?? []).map((server) => server.stop())))

it('UpdateUserPool in the region that was primary changes nothing of the one that is', async () => {
  const [one, two] = servers
  const UserPoolId = (await makePool(one, { UserPoolTags: { stage: 'one' } })).Id
  await replicate(one, UserPoolId)
  const { UserPool } = await two.admin.send(new DescribeUserPoolCommand({ UserPoolId }))
  expect(UserPool?.UserPoolTags).toEqual({ stage: 'one' })
  await promote(one, UserPoolId)
  const update = new UpdateUserPoolCommand({ UserPoolId, UserPoolTags: { stage: 'stolen' } })
  await expectRefusal(two.admin.send(update), 'ConcurrentModificationException')
  const there = await inRegion(one, SECOND).admin.send(new DescribeUserPoolCommand({ UserPoolId }))
  expect(there.UserPool?.UserPoolTags ?? {}).toEqual({})
  // Tried again, it is for the region that is secondary now.
  await two.admin.send(update)
  const here = await one.admin.send(new DescribeUserPoolCommand({ UserPoolId }))
  expect(here.UserPool?.UserPoolTags).toEqual({ stage: 'stolen' })
})
