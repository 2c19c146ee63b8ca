import { GetCognitoEventsCommand, SetCognitoEventsCommand } from '@aws-sdk/client-cognito-sync'
import { describe, expect, it } from 'vitest'
import { engines, expectRefusal, useTestServer } from '../../../test/harness.ts'
import { applicationArn, useSyncWorld } from '../../../test/sync-pool.ts'

const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:sync'

describe.each(engines)('SetCognitoEvents on %s', (engine) => {
  const server = useTestServer({ engine })
  const sync = useSyncWorld(server)
  const set = (Events: Record<string, string>, IdentityPoolId = sync.poolId) =>
    sync.admin.send(new SetCognitoEventsCommand({ IdentityPoolId, Events }))
  const get = async () => (await sync.admin.send(new GetCognitoEventsCommand({ IdentityPoolId: sync.poolId }))).Events

  it('names a function, and an empty value removes it', async () => {
    await set({ SyncTrigger: ARN })
    expect(await get()).toEqual({ SyncTrigger: ARN })
    await set({})
    expect(await get()).toEqual({ SyncTrigger: ARN })
    await set({ SyncTrigger: '' })
    expect(await get()).toEqual({})
  })

  it('leaves pushes as they are, and setting these leaves it as it is', async () => {
    await sync.setPlatforms('GCM')
    await set({ SyncTrigger: ARN })
    await sync.setPlatforms('APNS')
    expect(await get()).toEqual({ SyncTrigger: ARN })
  })

  it.each([
    ['another event', { PreSignUp: ARN }, "There is no event 'PreSignUp'; there is SyncTrigger."],
    ['an ARN of something else', { SyncTrigger: applicationArn('GCM') }, /ARN of a Lambda function, or empty/],
    ['two events', { SyncTrigger: ARN, Other: ARN }, /length less than or equal to 1/],
  ])('refuses %s', async (_, events, message) => {
    await expectRefusal(set(events), 'InvalidParameterException', message)
  })

  it('is for developers, and for pools that exist', async () => {
    const { client } = await sync.guest()
    const command = new SetCognitoEventsCommand({ IdentityPoolId: sync.poolId, Events: {} })
    await expectRefusal(client.send(command), 'NotAuthorizedException')
    await expectRefusal(set({}, `${server.region}:00000000-0000-0000-0000-000000000000`), 'ResourceNotFoundException')
  })
})
