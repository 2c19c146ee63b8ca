import {
  DescribeUserPoolClientCommand,
  GetUserPoolClientSessionConfigurationCommand,
  SetUserPoolClientSessionConfigurationCommand,
  UpdateUserPoolClientCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { expectRefusal, makeClient, makePool, useTestServer } from '../../../test/harness.ts'
import { setTracking } from '../../../test/user-sessions.ts'

describe('SetUserPoolClientSessionConfiguration', () => {
  const server = useTestServer()
  const poolAndClient = async (tier?: 'LITE') => {
    const { Id } = await makePool(server, { UserPoolTier: tier })
    return { UserPoolId: Id, ClientId: (await makeClient(server, Id)).ClientId }
  }
  const set = (at: { UserPoolId: string; ClientId: string }, MaxValidityMinutes: number) =>
    server.admin.send(new SetUserPoolClientSessionConfigurationCommand({ ...at, SSOSession: { MaxValidityMinutes } }))
  const get = async (at: { UserPoolId: string; ClientId: string }) =>
    (await server.admin.send(new GetUserPoolClientSessionConfigurationCommand(at))).SSOSession

  it('sets the life of sessions of single sign-on, which UpdateUserPoolClient and the end of tracking leave', async () => {
    const at = await poolAndClient()
    await setTracking(server, at.UserPoolId)
    const { $metadata, ...answer } = await set(at, 5)
    expect(answer).toEqual({ ...at, SSOSession: { MaxValidityMinutes: 5 } })
    await server.admin.send(new UpdateUserPoolClientCommand({ ...at, ClientName: 'renamed' }))
    await setTracking(server, at.UserPoolId, 'DISABLED')
    expect(await get(at)).toEqual({ MaxValidityMinutes: 5 })
    const { UserPoolClient } = await server.admin.send(new DescribeUserPoolClientCommand(at))
    expect(UserPoolClient?.ClientName).toBe('renamed')
    expect(Object.keys(UserPoolClient ?? {})).not.toContain('SSOSession')
    for (const minutes of [0, 129_600]) {
      await setTracking(server, at.UserPoolId)
      await set(at, minutes)
      expect(await get(at)).toEqual({ MaxValidityMinutes: minutes })
    }
  })

  it('InvalidParameterException out of bounds, and in a pool that does not track sessions', async () => {
    const at = await poolAndClient()
    const untracked = 'User session tracking is not enabled for this user pool.'
    await expectRefusal(set(at, 5), 'InvalidParameterException', untracked)
    await setTracking(server, at.UserPoolId)
    for (const minutes of [-1, 129_601])
      await expectRefusal(
        set(at, minutes),
        'InvalidParameterException',
        'SSOSession.MaxValidityMinutes must be between 0 and 129600.',
      )
    expect(await get(at)).toEqual({ MaxValidityMinutes: 60 })
  })

  it('FeatureUnavailableInTierException in a pool of the Lite tier', async () => {
    const at = await poolAndClient('LITE')
    await expectRefusal(
      set(at, 5),
      'FeatureUnavailableInTierException',
      'User Session Tracking is not part of the LITE pricing tier.',
    )
  })

  it('ResourceNotFoundException for a client of another pool', async () => {
    const [own, other] = [await poolAndClient(), await poolAndClient()]
    await setTracking(server, own.UserPoolId)
    await expectRefusal(
      set({ ...own, ClientId: other.ClientId }, 5),
      'ResourceNotFoundException',
      `User pool client ${other.ClientId} does not exist.`,
    )
  })

  it('refuses an unsigned call', async () => {
    const { json } = await server.raw('SetUserPoolClientSessionConfiguration', await poolAndClient())
    expect(json.__type).toBe('MissingAuthenticationTokenException')
  })
})
