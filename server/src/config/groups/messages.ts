// How e-mail and SMS leave the server, and the code of development.
import type { AddressSet } from '../address-ranges.ts'
import { parseMailbox } from '../mail-address-rules.ts'
import type { SettingsReader } from '../settings-reader.ts'

export interface MessageConfig {
  readonly smtpUrl: string | undefined
  readonly mailFrom: string
  readonly sms: SmsConfig | undefined
  readonly devCode: string | undefined
  /** Who may read the outbox; undefined: this machine, without a proxy between. */
  readonly outboxCallers: AddressSet | undefined
}

export type SmsConfig =
  | { readonly kind: 'http'; readonly url: string; readonly authorization: string | undefined }
  | {
      readonly kind: 'sns'
      readonly endpoint: string
      readonly region: string
      readonly accessKeyId: string
      readonly secretAccessKey: string
    }

export function readMessages(
  read: SettingsReader,
  { region, production }: { region: string; production: boolean },
): MessageConfig {
  return {
    smtpUrl: read.url('SMTP_URL', ['smtp:', 'smtps:']),
    mailFrom: read.checked(
      'MAIL_FROM',
      (value) => parseMailbox(value) !== undefined,
      'an address such as ada@example.com or Ada <ada@example.com>',
    ),
    sms: readSms(read, region),
    devCode: readDevCode(read, production),
    outboxCallers: read.text('OUTBOX_CALLERS') === undefined ? undefined : read.addresses('OUTBOX_CALLERS'),
  }
}

function readSms(read: SettingsReader, region: string): SmsConfig | undefined {
  const key = read.together('SNS_ACCESS_KEY_ID', 'SNS_SECRET_ACCESS_KEY')
  const endpoint = read.url('SNS_ENDPOINT', ['http:', 'https:'])
  const url = read.url('SMS_URL', ['http:', 'https:'])
  if (url !== undefined && new URL(url).username !== '')
    read.report('SMS_URL must not hold a user name or password: set SMS_AUTHORIZATION.')
  if (endpoint !== undefined && url !== undefined) read.report('Set SMS_URL or SNS_ENDPOINT, not both.')
  if (endpoint !== undefined && key === undefined)
    read.report('SNS_ENDPOINT needs SNS_ACCESS_KEY_ID and SNS_SECRET_ACCESS_KEY.')
  if (endpoint !== undefined && key !== undefined)
    return {
      kind: 'sns',
      endpoint,
      region: read.text('SNS_REGION') ?? region,
      accessKeyId: key[0],
      secretAccessKey: key[1],
    }
  return url === undefined ? undefined : { kind: 'http', url, authorization: read.text('SMS_AUTHORIZATION') }
}

function readDevCode(read: SettingsReader, production: boolean): string | undefined {
  const code = read.text('COGNOMEN_DEV_CODE')
  if (code === undefined) return undefined
  if (!/^\d{6}$/.test(code)) read.report('COGNOMEN_DEV_CODE must be 6 digits.')
  if (production) read.report('COGNOMEN_DEV_CODE is for development only: unset it, or unset NODE_ENV=production.')
  return code
}
