// The one account and region that the server is, and the key of its administrator.
import type { SettingsReader } from '../settings-reader.ts'

export interface AccountConfig {
  /** The region of ids and ARNs. */
  readonly region: string
  /** The regions that signatures may name, `region` first. Each has pools of its own. */
  readonly regions: readonly string[]
  readonly accountId: string
  readonly administrator: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined
}

export function readAccount(read: SettingsReader): AccountConfig {
  const region = read.checked('AWS_REGION', isRegion, 'a region such as us-east-1')
  const further = read.list('FURTHER_REGIONS')
  if (!further.every(isRegion)) read.report('FURTHER_REGIONS must be regions such as eu-west-1, separated by commas.')
  return {
    region,
    regions: [...new Set([region, ...further])],
    accountId: read.checked('ACCOUNT_ID', (value) => /^\d{12}$/.test(value), '12 digits'),
    administrator: readAdministrator(read),
  }
}

const isRegion = (text: string): boolean => /^[a-z]{2,}(-[a-z]+)+-\d$/.test(text)

function readAdministrator(read: SettingsReader): AccountConfig['administrator'] {
  const key = read.together('COGNOMEN_ACCESS_KEY_ID', 'COGNOMEN_SECRET_ACCESS_KEY')
  if (!key) return undefined
  const [accessKeyId, secretAccessKey] = key
  if (!/^\w{16,128}$/.test(accessKeyId)) read.report('COGNOMEN_ACCESS_KEY_ID must be 16 to 128 letters and digits.')
  if (secretAccessKey.length < 16) read.report('COGNOMEN_SECRET_ACCESS_KEY must have at least 16 characters.')
  return { accessKeyId, secretAccessKey }
}
