// SMS through an HTTP endpoint of the operator's, or through the SNS API (AWS's or a compatible server's). Not here:
// retries, which are in messages/.

import type { SmsConfig } from '../config/groups/messages.ts'
import { signedRequestHeaders } from '../sigv4/sign.ts'
import { DeliveryFailed, type SendSms, type Sms } from './effects.ts'
import { limits } from './limits.ts'
import { NoAnswer, operatorPost } from './operator-post.ts'

/** `closed` aborts the requests in flight. */
export const smsSender = (config: SmsConfig, closed?: AbortSignal): SendSms =>
  config.kind === 'http' ? httpSender(config, closed) : snsSender(config, closed)

type HttpConfig = Extract<SmsConfig, { kind: 'http' }>
type SnsConfig = Extract<SmsConfig, { kind: 'sns' }>

// Status codes by which gateways refuse a number or text for good; other refusals (address, key, rate) are worth a
// retry.
const WRONG_MESSAGE = new Set([400, 422])

/** POSTs `{to, text, userPoolId}` as JSON; any 2xx means that the gateway accepted it. */
function httpSender({ url, authorization }: HttpConfig, closed?: AbortSignal): SendSms {
  return async ({ id, to, text, userPoolId }) => {
    const headers: Record<string, string> = { 'content-type': 'application/json', 'idempotency-key': id }
    if (authorization !== undefined) headers['authorization'] = authorization
    const { status } = await post(url, headers, JSON.stringify({ to, text, userPoolId }), closed)
    if (status < 200 || status > 299) throw new DeliveryFailed(`HTTP ${status}`, WRONG_MESSAGE.has(status))
  }
}

/** Error codes of SNS Publish that refuse this number or text for good. */
const WRONG_FOR_SNS = new Set(['InvalidParameter', 'InvalidParameterValue', 'ParameterValueInvalid', 'OptedOut'])

/** SNS Publish to a phone number: query protocol, signed (SNS API 2010-03-31). */
function snsSender({ endpoint, region, accessKeyId, secretAccessKey }: SnsConfig, closed?: AbortSignal): SendSms {
  const url = new URL(endpoint)
  return async (sms) => {
    const body = publishForm(sms)
    const headers = signedRequestHeaders(
      'POST',
      url,
      { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
      body,
      { accessKeyId, secretAccessKey },
      { region, service: 'sns' },
      Date.now(),
    )
    const { status, text } = await post(url.href, headers, body, closed)
    if (status >= 200 && status <= 299) return
    const code = /<Code>(\w{1,60})<\/Code>/.exec(text)?.[1]
    throw new DeliveryFailed(`SNS ${status} ${code ?? ''}`.trim(), code !== undefined && WRONG_FOR_SNS.has(code))
  }
}

function publishForm({ to, text }: Sms): string {
  return new URLSearchParams({
    Action: 'Publish',
    Version: '2010-03-31',
    PhoneNumber: to,
    Message: text,
    'MessageAttributes.entry.1.Name': 'AWS.SNS.SMS.SMSType',
    'MessageAttributes.entry.1.Value.DataType': 'String',
    'MessageAttributes.entry.1.Value.StringValue': 'Transactional',
  }).toString()
}

async function post(
  url: string,
  headers: Record<string, string>,
  body: string,
  closed: AbortSignal | undefined,
): Promise<{ status: number; text: string }> {
  try {
    return await operatorPost(url, headers, body, { maxAnswer: limits.smsAnswer.max, closed })
  } catch (error) {
    throw error instanceof NoAnswer ? new DeliveryFailed(error.message) : error
  }
}
