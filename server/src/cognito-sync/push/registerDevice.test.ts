import { createECDH } from 'node:crypto'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DeleteIdentitiesCommand } from '@aws-sdk/client-cognito-identity'
import { type Platform, RegisterDeviceCommand, SubscribeToDatasetCommand } from '@aws-sdk/client-cognito-sync'
import { describe, expect, it } from 'vitest'
import { engines, expectRefusal, useTestServer } from '../../../test/harness.ts'
import { applicationArn, useSyncWorld } from '../../../test/sync-pool.ts'
import { limits } from '../limits.ts'

const subscription = JSON.stringify({
  endpoint: 'https://push.example/1',
  keys: {
    p256dh: createECDH('prime256v1').generateKeys('base64url'),
    auth: Buffer.alloc(16, 7).toString('base64url'),
  },
})

describe.each(engines)('RegisterDevice on %s', (engine) => {
  const server = useTestServer({ engine })
  const sync = useSyncWorld(server)

  it('gives a device an id, the same when it registers again', async () => {
    await sync.setPlatforms('APNS', 'APNS_SANDBOX', 'GCM', 'ADM', 'WEBPUSH')
    const guest = await sync.guest()
    const tokens = { APNS: 'AB01', APNS_SANDBOX: 'AB01', GCM: 'g', ADM: 'a', WEBPUSH: subscription }
    const ids: string[] = []
    for (const [platform, token] of Object.entries(tokens)) ids.push(await sync.register(guest, token, platform))
    expect(new Set(ids).size).toBe(5)
    expect(await sync.register(guest, 'g')).toBe(ids[2])
    const again = await Promise.all(Array.from({ length: 4 }, () => sync.register(guest, 'same')))
    expect(new Set(again).size).toBe(1)
  })

  it('gives two identities with one token two ids', async () => {
    await sync.setPlatforms('GCM')
    expect(await sync.register(await sync.guest(), 't')).not.toBe(await sync.register(await sync.guest(), 't'))
  })

  it('refuses a pool without an application of the platform', async () => {
    await sync.setPlatforms('APNS')
    const guest = await sync.guest()
    await expectRefusal(
      sync.register(guest, 't', 'GCM'),
      'InvalidConfigurationException',
      `IdentityPool '${sync.poolId}' has no application of the platform GCM.`,
    )
  })

  it.each([
    ['APNS', 'not hexadecimal', 'Token of the platform APNS must be hexadecimal.'],
    ['GCM', '', /Token must have 1 to 4096 characters/],
    ['GCM', 'x'.repeat(4097), /Token must have 1 to 4096 characters/],
    ['WEBPUSH', 'https://push.example/1', /must be a PushSubscription as JSON/],
    ['SMOKE', 't', /enum value set: \[APNS, APNS_SANDBOX, GCM, ADM, WEBPUSH\]/],
  ])('refuses of %s the token %s', async (platform, token, message) => {
    await sync.setPlatforms('APNS', 'GCM', 'WEBPUSH')
    await expectRefusal(sync.register(await sync.guest(), token, platform), 'InvalidParameterException', message)
  })

  it('forgets the oldest device when there are too many', async () => {
    await sync.setPlatforms('GCM')
    const guest = await sync.guest()
    const ids: string[] = []
    for (let n = 0; n <= limits.devices.max; n++) {
      ids.push(await sync.register(guest, `token-${n}`))
      server.clock.advance(1)
    }
    const subscribe = (DeviceId: string) =>
      guest.client.send(
        new SubscribeToDatasetCommand({
          IdentityPoolId: sync.poolId,
          IdentityId: guest.id,
          DatasetName: 'prefs',
          DeviceId,
        }),
      )
    await expectRefusal(subscribe(ids[0] as string), 'ResourceNotFoundException', `Device '${ids[0]}' not found.`)
    await subscribe(ids[1] as string)
    await subscribe(ids.at(-1) as string)
  })

  it('is for identities, for their own devices, and for those that exist', async () => {
    await sync.setPlatforms('GCM')
    const [guest, other] = [await sync.guest(), await sync.guest()]
    const command = (IdentityId: string) =>
      new RegisterDeviceCommand({ IdentityPoolId: sync.poolId, IdentityId, Platform: 'GCM' as Platform, Token: 't' })
    await expectRefusal(sync.admin.send(command(guest.id)), 'NotAuthorizedException')
    await expectRefusal(other.client.send(command(guest.id)), 'NotAuthorizedException')
    await sync.world.admin.send(new DeleteIdentitiesCommand({ IdentityIdsToDelete: [guest.id] }))
    await expectRefusal(
      guest.client.send(command(guest.id)),
      'ResourceNotFoundException',
      `Identity '${guest.id}' not found.`,
    )
  })
})

describe('RegisterDevice in production', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'push-')), 'push.json')
  const place = {
    webpush: 'mailto:ops@example.com',
    publicKey: 'BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8',
    privateKey: 'yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw',
  }
  writeFileSync(file, JSON.stringify({ 'arn:aws:sns:*:app/WEBPUSH/*': place }))
  const server = useTestServer({ env: { NODE_ENV: 'production', PUSH_FILE: file } })
  const sync = useSyncWorld(server)

  it('refuses an application that nothing pushes to', async () => {
    await sync.setPlatforms('GCM')
    await expectRefusal(
      sync.register(await sync.guest(), 't'),
      'InvalidConfigurationException',
      `Nothing pushes to ${applicationArn('GCM')}: PUSH_FILE does not name it.`,
    )
  })

  it('takes subscriptions of the push services of browsers, and of nobody else', async () => {
    await sync.setPlatforms('WEBPUSH')
    const guest = await sync.guest()
    const at = (endpoint: string) => JSON.stringify({ ...JSON.parse(subscription), endpoint })
    await sync.register(guest, at('https://fcm.googleapis.com/fcm/send/1'), 'WEBPUSH')
    await sync.register(guest, at('https://updates.push.services.mozilla.com/wpush/v2/1'), 'WEBPUSH')
    for (const endpoint of ['https://push.example/1', 'https://fcm.googleapis.com.evil.example/1'])
      await expectRefusal(
        sync.register(guest, at(endpoint), 'WEBPUSH'),
        'InvalidParameterException',
        'The endpoint of the PushSubscription is of no push service in PUSH_FILE.',
      )
  })
})
