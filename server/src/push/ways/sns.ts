// The SNS API (2010-03-31): AWS's, or a stand-in's such as LocalStack's. A device's endpoint in the platform application is
// made, or found again, with its token; then the push is published to it.
import type { SnsPlace } from '../../config/push-places.ts'
import { signedRequestHeaders } from '../../sigv4/sign.ts'
import { isOk } from '../../sinks/post.ts'
import { limits } from '../limits.ts'
import { payloadOf } from '../poke.ts'
import { post, refusalOf } from '../post.ts'
import type { Push, Pushed, WayParts } from '../ways.ts'

/** A memo: ARNs of endpoints by application and token. */
export type SnsEndpoints = Map<string, string>
export const createSnsEndpoints = (): SnsEndpoints => new Map()

export async function pushBySns(parts: WayParts, place: SnsPlace, push: Push): Promise<Pushed> {
  const { snsEndpoints } = parts
  const key = `${push.applicationArn} ${push.token}`
  const TargetArn = snsEndpoints.get(key) ?? (await endpointOf(parts, place, push))
  if (TargetArn === undefined) return 'gone'
  if (snsEndpoints.size >= limits.snsEndpoints.max) snsEndpoints.clear()
  snsEndpoints.set(key, TargetArn)
  const message = { Action: 'Publish', TargetArn, MessageStructure: 'json', Message: messageOf(push) }
  const { status, code } = await call(parts, place, push, message)
  if (isOk(status)) return 'sent'
  snsEndpoints.delete(key)
  if (code === 'EndpointDisabled') return 'gone'
  // The endpoint was deleted at SNS: the next try makes it anew.
  throw refusalOf('SNS', code === 'NotFound' ? 503 : status, code)
}

/** The ARN of a device's endpoint; undefined when SNS takes no such token. */
async function endpointOf(parts: WayParts, place: SnsPlace, push: Push): Promise<string | undefined> {
  const { status, code, text } = await call(parts, place, push, {
    Action: 'CreatePlatformEndpoint',
    PlatformApplicationArn: push.applicationArn,
    Token: push.token,
  })
  const arn = /<EndpointArn>([^<]{1,2048})<\/EndpointArn>/.exec(text)?.[1]
  if (isOk(status) && arn !== undefined) return arn
  if (code === 'InvalidParameter') return undefined
  throw refusalOf('SNS', status, code)
}

/** The message by platform, each a text of JSON. */
function messageOf({ platform, poke }: Push): string {
  const data = payloadOf(poke)
  const content = platform.startsWith('APNS') ? { aps: { 'content-available': 1 }, data } : { data }
  return JSON.stringify({ default: JSON.stringify(data), [platform]: JSON.stringify(content) })
}

async function call(
  { clock, closed }: WayParts,
  { endpoint, accessKeyId, secretAccessKey }: SnsPlace,
  { applicationArn }: Push,
  parameters: Record<string, string>,
): Promise<{ status: number; code: string | undefined; text: string }> {
  const url = new URL(endpoint)
  const body = new URLSearchParams({ ...parameters, Version: '2010-03-31' }).toString()
  // arn:aws:sns:REGION:ACCOUNT:app/PLATFORM/NAME
  const target = { region: applicationArn.split(':')[3] ?? 'us-east-1', service: 'sns' }
  const headers = signedRequestHeaders(
    'POST',
    url,
    { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    body,
    { accessKeyId, secretAccessKey },
    target,
    clock.now(),
  )
  const { status, text } = await post(url.href, headers, body, closed)
  return { status, text, code: /<Code>(\w{1,60})<\/Code>/.exec(text)?.[1] }
}
