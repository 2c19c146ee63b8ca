import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { useStandIn } from '../../../test/push-services.ts'
import { arnOf, data, expectFailure, ID, usePusher } from '../../../test/pushes.ts'

const { sender } = usePusher()

describe('a webhook', () => {
  const hook = useStandIn()
  const key = 'k'.repeat(32)
  const place = () => ({ way: 'webhook', url: `${hook.url}/push`, key }) as const

  it('gets the device and what changed, signed', async () => {
    expect(await sender(place(), 'GCM')('device-1')).toBe('sent')
    const [request] = hook.received
    expect(JSON.parse(String(request?.body))).toEqual({
      applicationArn: arnOf('GCM'),
      platform: 'GCM',
      token: 'device-1',
      data: { ...data, syncCount: 7 },
    })
    expect(request?.headers).toMatchObject({ 'cognomen-application': arnOf('GCM'), 'cognomen-id': ID })
    const [, time, v1] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(request?.headers['cognomen-signature'])) ?? []
    expect(v1).toBe(createHmac('sha256', key).update(`${time}.${ID}.${request?.body}`).digest('hex'))
  })

  it('says with 410 that the device is gone', async () => {
    hook.answer = () => ({ status: 410 })
    expect(await sender(place(), 'GCM')('t')).toBe('gone')
  })

  it.each([
    [400, true],
    [503, false],
  ])('refuses with %i; for good: %s', async (status, permanent) => {
    hook.answer = () => ({ status })
    await expectFailure(sender(place(), 'GCM')('t'), new RegExp(`^webhook ${status}$`), permanent)
  })
})
