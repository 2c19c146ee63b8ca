import { describe, expect, it } from 'vitest'
import { useStandIn } from '../../../test/push-services.ts'
import { data, expectFailure, poke, usePusher } from '../../../test/pushes.ts'
import { collapseKey } from '../poke.ts'

const { sender } = usePusher()

describe('ADM', () => {
  const amazon = useStandIn()
  const place = () =>
    ({
      way: 'adm',
      clientId: 'id',
      clientSecret: 'secret',
      tokenUri: `${amazon.url}/token`,
      endpoint: amazon.url,
    }) as const
  const answerMessages = (status: number, reason?: string) => {
    amazon.answer = ({ path }) =>
      path === '/token'
        ? { status: 200, body: '{"access_token":"Atc","expires_in":3600}' }
        : { status, body: JSON.stringify({ reason }) }
  }

  it('gets a data message with an access token of the client', async () => {
    answerMessages(200)
    expect(await sender(place(), 'ADM')('amzn1.adm/1')).toBe('sent')
    const [asked, request] = amazon.received
    expect(Object.fromEntries(new URLSearchParams(String(asked?.body)))).toEqual({
      grant_type: 'client_credentials',
      scope: 'messaging:push',
      client_id: 'id',
      client_secret: 'secret',
    })
    expect(request).toMatchObject({
      path: '/messaging/registrations/amzn1.adm%2F1/messages',
      headers: { authorization: 'Bearer Atc', 'x-amzn-type-version': 'com.amazon.device.messaging.ADMMessage@1.0' },
    })
    expect(JSON.parse(String(request?.body))).toEqual({
      data,
      consolidationKey: collapseKey(poke),
      expiresAfter: 86_400,
    })
  })

  it.each(['Unregistered', 'InvalidRegistrationId'])('says with %s that the device is gone', async (reason) => {
    answerMessages(400, reason)
    expect(await sender(place(), 'ADM')('d')).toBe('gone')
  })

  it.each([
    [400, 'InvalidData', true],
    [429, 'MaxRateExceeded', false],
    [503, 'ServiceUnavailable', false],
  ])('refuses with %i %s; for good: %s', async (status, reason, permanent) => {
    answerMessages(status, reason)
    await expectFailure(sender(place(), 'ADM')('d'), new RegExp(`^ADM ${status} ${reason}$`), permanent)
  })
})
