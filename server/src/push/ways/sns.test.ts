import { describe, expect, it } from 'vitest'
import { useStandIn } from '../../../test/push-services.ts'
import { arnOf, data, expectFailure, usePusher } from '../../../test/pushes.ts'

const { sender } = usePusher()

describe('SNS', () => {
  const sns = useStandIn()
  const place = () => ({ way: 'sns', endpoint: sns.url, accessKeyId: 'AKIASNS', secretAccessKey: 'secret' }) as const
  const ENDPOINT = 'arn:aws:sns:eu-west-1:000000000000:endpoint/APNS/one/1'
  const error = (code: string) => `<ErrorResponse><Error><Code>${code}</Code></Error></ErrorResponse>`
  const answers = (publish: { status: number; body?: string }) => {
    sns.answer = ({ body }) =>
      String(body).includes('CreatePlatformEndpoint')
        ? { status: 200, body: `<R><EndpointArn>${ENDPOINT}</EndpointArn></R>` }
        : publish
  }
  const formOf = (body: Buffer | undefined) => Object.fromEntries(new URLSearchParams(String(body)))

  it('gets the endpoint of the device once, and a message in the form of its platform, signed', async () => {
    answers({ status: 200 })
    const send = sender(place(), 'APNS')
    await send('ab01')
    await send('ab01')
    expect(sns.received.map(({ body }) => formOf(body)['Action'])).toEqual([
      'CreatePlatformEndpoint',
      'Publish',
      'Publish',
    ])
    expect(formOf(sns.received[0]?.body)).toMatchObject({ PlatformApplicationArn: arnOf('APNS'), Token: 'ab01' })
    const published = formOf(sns.received[1]?.body)
    expect(published).toMatchObject({ TargetArn: ENDPOINT, MessageStructure: 'json', Version: '2010-03-31' })
    const message = JSON.parse(published['Message'] as string)
    expect(JSON.parse(message.APNS)).toEqual({ aps: { 'content-available': 1 }, data })
    expect(JSON.parse(message.default)).toEqual(data)
    expect(sns.received[1]?.headers.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIASNS\/\d{8}\/eu-west-1\/sns\/aws4_request, SignedHeaders=[^,]*host/,
    )
  })

  it('sends data alone to other platforms', async () => {
    answers({ status: 200 })
    await sender(place(), 'GCM')('t')
    const message = JSON.parse(formOf(sns.received[1]?.body)['Message'] as string)
    expect(JSON.parse(message.GCM)).toEqual({ data })
  })

  it('says that the device is gone when its endpoint is disabled, or the token is none', async () => {
    answers({ status: 400, body: error('EndpointDisabled') })
    expect(await sender(place(), 'GCM')('t')).toBe('gone')
    sns.answer = () => ({ status: 400, body: error('InvalidParameter') })
    expect(await sender(place(), 'GCM')('t')).toBe('gone')
  })

  it('is asked for the endpoint anew when it was deleted', async () => {
    answers({ status: 404, body: error('NotFound') })
    const send = sender(place(), 'GCM')
    await expectFailure(send('t'), /NotFound/, false)
    answers({ status: 200 })
    expect(await send('t')).toBe('sent')
    expect(sns.received.map(({ body }) => formOf(body)['Action'])).toEqual([
      'CreatePlatformEndpoint',
      'Publish',
      'CreatePlatformEndpoint',
      'Publish',
    ])
  })

  it.each([
    [400, 'InvalidParameterValue', true],
    [403, 'AuthorizationError', false],
    [500, 'InternalError', false],
  ])('refuses with %i %s; for good: %s', async (status, code, permanent) => {
    answers({ status, body: error(code) })
    await expectFailure(sender(place(), 'GCM')('t'), new RegExp(`^SNS ${status} ${code}$`), permanent)
  })
})
