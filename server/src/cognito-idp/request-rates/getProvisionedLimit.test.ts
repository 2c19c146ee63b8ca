import { GetProvisionedLimitCommand } from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'

describe('GetProvisionedLimit', () => {
  const server = useTestServer()
  const get = (Attributes: Record<string, string>) =>
    server.admin.send(new GetProvisionedLimitCommand({ LimitDefinition: { LimitClass: 'API_CATEGORY', Attributes } }))

  it("shows that there is no limit, and Cognito's quota", async () => {
    expect((await get({ Category: 'UserAuthentication' })).Limit).toEqual({
      LimitDefinition: { LimitClass: 'API_CATEGORY', Attributes: { Category: 'UserAuthentication' } },
      ProvisionedLimitValue: 2_147_483_647,
      FreeLimitValue: 120,
    })
    expect((await get({ Category: 'UserCreation' })).Limit?.FreeLimitValue).toBe(50)
  })

  it('ResourceNotFoundException for an unknown category', async () => {
    for (const Category of ['Sleeping', 'constructor'])
      await expectRefusal(get({ Category }), 'ResourceNotFoundException', `Category ${Category} does not exist.`)
  })

  it('InvalidParameterException without a category, and with more', async () => {
    const text = 'Attributes must have Category, and nothing else.'
    await expectRefusal(get({}), 'InvalidParameterException', text)
    await expectRefusal(get({ Category: 'UserRead', UserPoolId: 'p' }), 'InvalidParameterException', text)
  })

  it('refuses an unsigned call', async () => {
    const LimitDefinition = { LimitClass: 'API_CATEGORY', Attributes: { Category: 'UserRead' } }
    const { json } = await server.raw('GetProvisionedLimit', { LimitDefinition })
    expect(json.__type).toBe('MissingAuthenticationTokenException')
  })
})
