import { ListUserImportJobsCommand } from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { engines, expectRefusal, makePool, usePool, useTestServer } from '../../../test/harness.ts'
import { createJob } from '../../../test/user-import.ts'

describe.each(engines)('ListUserImportJobs on %s', (engine) => {
  const server = useTestServer({ engine })
  const at = usePool(server)
  const list = (MaxResults: number, PaginationToken?: string, UserPoolId = at.poolId) =>
    server.admin.send(new ListUserImportJobsCommand({ UserPoolId, MaxResults, PaginationToken }))

  it('lists the newest first, page by page', async () => {
    expect((await list(60)).UserImportJobs).toBeUndefined()
    server.clock.freeze()
    const made: string[] = []
    for (let i = 0; i < 5; i++) {
      made.unshift((await createJob(server, at.poolId)).JobId)
      // Two of the same millisecond are in the order of their ids.
      if (i !== 2) server.clock.advance(10)
    }
    server.clock.thaw()
    await createJob(server, (await makePool(server)).Id)
    const found: string[] = []
    let token: string | undefined
    do {
      const page = await list(2, token)
      found.push(...(page.UserImportJobs ?? []).map(({ JobId = '' }) => JobId))
      token = page.PaginationToken
    } while (token !== undefined)
    expect(found).toHaveLength(5)
    const inTies = (ids: string[]) => [ids[0], ...ids.slice(1, 3).sort(), ...ids.slice(3)]
    expect(inTies(found)).toEqual(inTies(made))
    expect((await list(60)).UserImportJobs?.map(({ JobId }) => JobId)).toEqual(found)
  })

  it('refuses a token of another pool, and more than 60', async () => {
    const other = (await makePool(server)).Id
    for (let i = 0; i < 2; i++) await createJob(server, other)
    const { PaginationToken } = await list(1, undefined, other)
    await expectRefusal(list(1, PaginationToken), 'InvalidParameterException', 'Invalid pagination token')
    await expectRefusal(list(61), 'InvalidParameterException')
  })

  it('refuses an unsigned call', async () => {
    const { json } = await server.raw('ListUserImportJobs', { UserPoolId: at.poolId, MaxResults: 1 })
    expect(json.__type).toBe('MissingAuthenticationTokenException')
  })
})
