// The rate of one user's calls with access tokens, as a client meets it.
import { GetUserCommand, UpdateUserAttributesCommand } from '@aws-sdk/client-cognito-identity-provider'
import { beforeAll, describe, expect, it } from 'vitest'
import { expectRefusal, signIn, usePool, useTestServer } from '../../../test/harness.ts'
import { makeApp, makeUser as makePageUser, redeem, signInByPage } from '../../../test/oauth.ts'
import { createRequestRates } from './request-rates.ts'

describe('USER_CALLS_PER_SECOND', () => {
  const server = useTestServer({ env: { USER_CALLS_PER_SECOND: '5' } })
  const at = usePool(server, { users: ['ann', 'bob'] })
  beforeAll(() => server.clock.freeze())

  const tokenOf = async (name: string) => (await signIn(server, at.clientId, name)).AccessToken
  const read = (AccessToken: string) => server.app.send(new GetUserCommand({ AccessToken }))
  const write = (AccessToken: string) =>
    server.app.send(new UpdateUserAttributesCommand({ AccessToken, UserAttributes: [{ Name: 'name', Value: 'A' }] }))
  const answered = async (calls: number, call: () => Promise<unknown>): Promise<number> =>
    (await Promise.allSettled(Array.from({ length: calls }, call))).filter(({ status }) => status === 'fulfilled')
      .length

  it('bounds the reads and the writes of a user, whatever token they come with; others go on', async () => {
    const [one, again, bob] = [await tokenOf('ann'), await tokenOf('ann'), await tokenOf('bob')]
    expect(await answered(8, () => read(one))).toBe(5)
    await expectRefusal(read(again), 'TooManyRequestsException', 'Rate exceeded')
    expect(await answered(8, () => write(one))).toBe(5)
    expect(await answered(5, () => read(bob))).toBe(5)
    server.clock.advance(1000)
    expect(await answered(8, () => read(again))).toBe(5)
  })

  it('counts what is asked of /oauth2/userInfo with the same token', async () => {
    const app = await makeApp(server)
    const answeredBy = await signInByPage(app, await makePageUser(app), {
      scope: 'openid aws.cognito.signin.user.admin',
    })
    const { json } = await redeem(app, answeredBy)
    const headers = { authorization: `Bearer ${json['access_token']}` }
    server.clock.advance(1000)
    const statuses: number[] = []
    for (let i = 0; i < 7; i++) statuses.push((await fetch(`${app.base}/oauth2/userInfo`, { headers })).status)
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429])
    await expectRefusal(read(json['access_token'] ?? ''), 'TooManyRequestsException', 'Rate exceeded')
  })
})

it('nothing is counted, and no statement runs, where it is 0', async () => {
  const database = { exclusive: false, db: undefined as never }
  const rates = createRequestRates(database, { now: () => 0 }, 0)
  const calls = Array.from({ length: 1000 }, () => rates.admitUser('s', 'GetUser'))
  expect((await Promise.all(calls)).every(Boolean)).toBe(true)
})
