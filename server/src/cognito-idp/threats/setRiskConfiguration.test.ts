import {
  DescribeRiskConfigurationCommand,
  DescribeUserPoolClientCommand,
  DescribeUserPoolCommand,
  SetRiskConfigurationCommand,
  type SetRiskConfigurationCommandInput,
  UpdateUserPoolClientCommand,
  UpdateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { ALL_FLOWS, engines, expectRefusal, makeClient, makePool, useTestServer } from '../../../test/harness.ts'
import { ENFORCED } from '../../../test/threats.ts'

const BLOCK: Partial<SetRiskConfigurationCommandInput> = {
  CompromisedCredentialsRiskConfiguration: { EventFilter: ['SIGN_IN'], Actions: { EventAction: 'BLOCK' } },
}
const TAKEOVER = {
  AccountTakeoverRiskConfiguration: { Actions: { HighAction: { Notify: false, EventAction: 'BLOCK' } } },
} as const
const RANGES = {
  RiskExceptionConfiguration: { BlockedIPRangeList: ['203.0.113.0/24'], SkippedIPRangeList: ['2001:db8::/32'] },
}

describe.each(engines)('SetRiskConfiguration and DescribeRiskConfiguration (%s)', (engine) => {
  const server = useTestServer({ engine })
  const set = async (input: SetRiskConfigurationCommandInput) =>
    (await server.admin.send(new SetRiskConfigurationCommand(input))).RiskConfiguration
  const get = async (UserPoolId: string, ClientId?: string) =>
    (await server.admin.send(new DescribeRiskConfigurationCommand({ UserPoolId, ClientId }))).RiskConfiguration

  it('a pool without one shows its id; one that is set replaces all of the last', async () => {
    const { Id: UserPoolId } = await makePool(server, ENFORCED)
    expect(await get(UserPoolId)).toEqual({ UserPoolId })
    const both = await set({ UserPoolId, ...BLOCK, ...TAKEOVER })
    expect(both).toEqual({ UserPoolId, ...BLOCK, ...TAKEOVER, LastModifiedDate: expect.any(Date) })
    expect(await get(UserPoolId)).toEqual(both)
    expect(await set({ UserPoolId, ...RANGES })).toMatchObject(RANGES)
    expect(await get(UserPoolId)).toEqual({ UserPoolId, ...RANGES, LastModifiedDate: expect.any(Date) })
    expect(await set({ UserPoolId })).toEqual({ UserPoolId })
    expect(await get(UserPoolId)).toEqual({ UserPoolId })
  })

  it('that of an app client is its own, and updates of pool and client keep both', async () => {
    const { Id: UserPoolId } = await makePool(server, ENFORCED)
    const { ClientId } = await makeClient(server, UserPoolId)
    await set({ UserPoolId, ...TAKEOVER })
    expect(await get(UserPoolId, ClientId)).toEqual({ UserPoolId, ClientId })
    await set({ UserPoolId, ClientId, ...BLOCK })
    await server.admin.send(new UpdateUserPoolCommand({ UserPoolId, ...ENFORCED }))
    await server.admin.send(new UpdateUserPoolClientCommand({ UserPoolId, ClientId, ExplicitAuthFlows: ALL_FLOWS }))
    expect(await get(UserPoolId)).toMatchObject({ UserPoolId, ...TAKEOVER })
    expect(await get(UserPoolId, ClientId)).toEqual({
      UserPoolId,
      ClientId,
      ...BLOCK,
      LastModifiedDate: expect.any(Date),
    })
    const { UserPool } = await server.admin.send(new DescribeUserPoolCommand({ UserPoolId }))
    expect(UserPool).not.toHaveProperty('RiskConfiguration')
    const { UserPoolClient } = await server.admin.send(new DescribeUserPoolClientCommand({ UserPoolId, ClientId }))
    expect(UserPoolClient).not.toHaveProperty('RiskConfiguration')
  })

  it.each<[string, Omit<SetRiskConfigurationCommandInput, 'UserPoolId'>, RegExp]>([
    [
      'an address that is no range',
      { RiskExceptionConfiguration: { BlockedIPRangeList: ['10.0.0.1'] } },
      /10\.0\.0\.1/,
    ],
    ['what is no address', { RiskExceptionConfiguration: { SkippedIPRangeList: ['10.0.0/8'] } }, /10\.0\.0\/8/],
    ['too long a prefix', { RiskExceptionConfiguration: { SkippedIPRangeList: ['10.0.0.0/33'] } }, /10\.0\.0\.0\/33/],
    [
      'a message without words',
      { AccountTakeoverRiskConfiguration: { Actions: { LowAction: { Notify: true, EventAction: 'NO_ACTION' } } } },
      /NotifyConfiguration is required/,
    ],
  ])('refuses %s and keeps what was set', async (_what, input, text) => {
    const { Id: UserPoolId } = await makePool(server, ENFORCED)
    const before = await set({ UserPoolId, ...BLOCK })
    await expectRefusal(set({ UserPoolId, ...input }), 'InvalidParameterException', text)
    expect(await get(UserPoolId)).toEqual(before)
  })

  it('is refused in a pool without threat protection', async () => {
    const { Id: UserPoolId } = await makePool(server)
    const { ClientId } = await makeClient(server, UserPoolId)
    const off = 'Threat protection is not enabled for this user pool.'
    await expectRefusal(set({ UserPoolId, ...BLOCK }), 'UserPoolAddOnNotEnabledException', off)
    await expectRefusal(set({ UserPoolId, ClientId, ...BLOCK }), 'UserPoolAddOnNotEnabledException', off)
  })
})
