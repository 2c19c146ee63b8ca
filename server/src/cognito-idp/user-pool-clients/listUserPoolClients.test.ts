import {
  ListUserPoolClientsCommand,
  paginateListUserPoolClients,
  type UserPoolClientDescription,
} from '@aws-sdk/client-cognito-identity-provider'
import { beforeAll, describe, expect, it } from 'vitest'
import { engines, expectRefusal, makeClient, makePool, useTestServer } from '../../../test/harness.ts'

describe.each(engines)('ListUserPoolClients on %s', (engine) => {
  const server = useTestServer({ engine })
  let UserPoolId: string
  let otherPoolId: string
  const made: UserPoolClientDescription[] = []
  beforeAll(async () => {
    UserPoolId = (await makePool(server)).Id
    otherPoolId = (await makePool(server)).Id
    for (let n = 0; n < 5; n++) {
      const { ClientId } = await makeClient(server, UserPoolId, { ClientName: `app ${n}`, GenerateSecret: true })
      made.push({ ClientId, UserPoolId, ClientName: `app ${n}` })
    }
    await makeClient(server, otherPoolId)
  })
  const list = (input: Partial<ListUserPoolClientsCommand['input']> = {}) =>
    server.admin.send(new ListUserPoolClientsCommand({ UserPoolId, ...input }))
  const byId = (one: UserPoolClientDescription, other: UserPoolClientDescription) =>
    (one.ClientId as string) < (other.ClientId as string) ? -1 : 1

  it('lists the clients of the pool, in short', async () => {
    const { UserPoolClients, NextToken } = await list()
    expect(UserPoolClients).toStrictEqual([...made].sort(byId))
    expect(NextToken).toBeUndefined()
  })

  it('lists every client once, in pages', async () => {
    const sizes: number[] = []
    const listed: UserPoolClientDescription[] = []
    for await (const page of paginateListUserPoolClients({ client: server.admin }, { UserPoolId, MaxResults: 2 })) {
      sizes.push(page.UserPoolClients?.length ?? 0)
      listed.push(...(page.UserPoolClients ?? []))
    }
    expect(sizes).toEqual([2, 2, 1])
    expect(listed).toEqual([...made].sort(byId))
    expect((await list({ MaxResults: 5 })).NextToken).toBeUndefined()
  })

  it('lists by type', async () => {
    expect((await list({ ClientType: 'REGULAR' })).UserPoolClients).toHaveLength(5)
    const { $metadata, ...answer } = await list({ ClientType: 'DCR' })
    expect(answer).toEqual({ UserPoolClients: [] })
  })

  it('lists nothing of a pool without clients', async () => {
    const { $metadata, ...answer } = await list({ UserPoolId: (await makePool(server)).Id })
    expect(answer).toEqual({ UserPoolClients: [] })
  })

  it('refuses tokens that are damaged or of another list', async () => {
    const { NextToken } = await list({ MaxResults: 1 })
    const refused = ['InvalidParameterException', 'Invalid pagination token'] as const
    await expectRefusal(list({ NextToken: `${NextToken}x` }), ...refused)
    await expectRefusal(list({ NextToken, UserPoolId: otherPoolId }), ...refused)
    await expectRefusal(list({ NextToken, ClientType: 'REGULAR' }), ...refused)
    await expectRefusal(list({ NextToken, ClientType: 'DCR' }), ...refused)
  })

  it('refuses sizes out of range', async () => {
    const text = (value: number, bound: string) =>
      `1 validation error detected: Value '${value}' at 'maxResults' failed to satisfy constraint: Member must have value ${bound}`
    await expectRefusal(list({ MaxResults: 0 }), 'InvalidParameterException', text(0, 'greater than or equal to 1'))
    await expectRefusal(list({ MaxResults: 61 }), 'InvalidParameterException', text(61, 'less than or equal to 60'))
  })

  it('refuses a pool that does not exist', () =>
    expectRefusal(
      list({ UserPoolId: 'us-east-1_nothere12' }),
      'ResourceNotFoundException',
      'User pool us-east-1_nothere12 does not exist.',
    ))

  it('refuses callers that do not sign', async () => {
    const answer = await server.raw('ListUserPoolClients', { UserPoolId })
    expect(answer.json.__type).toBe('MissingAuthenticationTokenException')
  })
})
