import { ListIdentityPoolsCommand, paginateListIdentityPools } from '@aws-sdk/client-cognito-identity'
import { describe, expect, it } from 'vitest'
import { engines, expectRefusal, useTestServer } from '../../../test/harness.ts'
import { makeIdentityPool, rawIdentityCall, useIdentityClient } from '../../../test/identity.ts'

describe.each(engines)('ListIdentityPools on %s', (engine) => {
  const server = useTestServer({ engine })
  const client = useIdentityClient(server)

  it('pages through ids and names', async () => {
    const { $metadata, ...empty } = await client.send(new ListIdentityPoolsCommand({ MaxResults: 60 }))
    expect(empty).toEqual({ IdentityPools: [] })
    const made = new Map<string, string>()
    for (let n = 0; n < 5; n++) {
      const { IdentityPoolId } = await makeIdentityPool(client, { IdentityPoolName: `pool ${n}` })
      made.set(IdentityPoolId, `pool ${n}`)
    }
    const seen: object[] = []
    for await (const { IdentityPools = [] } of paginateListIdentityPools({ client, pageSize: 2 }, { MaxResults: 2 })) {
      expect(IdentityPools.length).toBeLessThanOrEqual(2)
      seen.push(...IdentityPools)
    }
    expect(seen).toHaveLength(5)
    expect(seen).toEqual(
      expect.arrayContaining(
        [...made].map(([IdentityPoolId, IdentityPoolName]) => ({ IdentityPoolId, IdentityPoolName })),
      ),
    )
  })

  it('refuses page tokens of another list, and page sizes out of bounds', async () => {
    const list = (input: { MaxResults: number; NextToken?: string }) => client.send(new ListIdentityPoolsCommand(input))
    await expectRefusal(
      list({ MaxResults: 5, NextToken: 'x' }),
      'InvalidParameterException',
      'Invalid pagination token',
    )
    await expectRefusal(list({ MaxResults: 0 }), 'ValidationException', /greater than or equal to 1$/)
    await expectRefusal(list({ MaxResults: 61 }), 'ValidationException', /less than or equal to 60$/)
  })

  it('refuses callers that do not sign', async () => {
    const answer = await rawIdentityCall(server, 'ListIdentityPools', { MaxResults: 1 })
    expect(answer.json.__type).toBe('MissingAuthenticationTokenException')
  })
})
