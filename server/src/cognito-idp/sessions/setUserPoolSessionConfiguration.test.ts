import {
  GetUserPoolSessionConfigurationCommand,
  UpdateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { expectRefusal, makePool, useTestServer } from '../../../test/harness.ts'
import { setTracking } from '../../../test/user-sessions.ts'

describe('SetUserPoolSessionConfiguration', () => {
  const server = useTestServer()
  const get = (UserPoolId: string) => server.admin.send(new GetUserPoolSessionConfigurationCommand({ UserPoolId }))

  it('sets both members and answers with them', async () => {
    const { Id: UserPoolId } = await makePool(server)
    const { $metadata, ...answer } = await setTracking(server, UserPoolId, 'ENABLED', 100)
    expect(answer).toEqual({ UserPoolId, UserSessionTracking: 'ENABLED', TokenSession: { MaxPerUser: 100 } })
    await setTracking(server, UserPoolId, 'DISABLED', 1)
    expect(await get(UserPoolId)).toMatchObject({ UserSessionTracking: 'DISABLED', TokenSession: { MaxPerUser: 1 } })
  })

  it('InvalidParameterException for a number of sessions that is out of bounds', async () => {
    const { Id: UserPoolId } = await makePool(server)
    for (const max of [0, -1, 101])
      await expectRefusal(
        setTracking(server, UserPoolId, 'ENABLED', max),
        'InvalidParameterException',
        'TokenSession.MaxPerUser must be between 1 and 100.',
      )
    expect(await get(UserPoolId)).toMatchObject({ UserSessionTracking: 'DISABLED' })
  })

  it('needs the Essentials tier, which the pool then has to keep', async () => {
    const { Id: UserPoolId } = await makePool(server, { UserPoolTier: 'LITE' })
    const text =
      'The following features need to be disabled for the LITE pricing tier configured: User Session Tracking'
    await expectRefusal(setTracking(server, UserPoolId), 'FeatureUnavailableInTierException', text)
    await setTracking(server, UserPoolId, 'DISABLED')
    await server.admin.send(new UpdateUserPoolCommand({ UserPoolId, UserPoolTier: 'ESSENTIALS' }))
    await setTracking(server, UserPoolId)
    const lower = server.admin.send(new UpdateUserPoolCommand({ UserPoolId, UserPoolTier: 'LITE' }))
    await expectRefusal(lower, 'TierChangeNotAllowedException', text)
  })

  it('of concurrent calls each is done or told of the other', async () => {
    const { Id: UserPoolId } = await makePool(server)
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        setTracking(server, UserPoolId, 'ENABLED', n + 1).then(
          () => 'ok',
          (error: Error) => error.name,
        ),
      ),
    )
    for (const outcome of outcomes) expect(outcome).toMatch(/^(ok|ConcurrentModificationException)$/)
    const { TokenSession } = await get(UserPoolId)
    expect(outcomes[(TokenSession?.MaxPerUser ?? 0) - 1]).toBe('ok')
  })

  it('refuses an unsigned call', async () => {
    const { json } = await server.raw('SetUserPoolSessionConfiguration', { UserPoolId: 'us-east-1_nothere12' })
    expect(json.__type).toBe('MissingAuthenticationTokenException')
  })
})
