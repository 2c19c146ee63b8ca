// AWS Signature Version 4 with WebCrypto (docs/reference/identity-pools-sts-iam-sync.md 14), which browsers have on https
// and localhost only.

export interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string | undefined
}

export interface Unsigned {
  readonly method: string
  /** Its path and query percent-encoded, as they are sent; names of the query sorted. */
  readonly url: URL
  readonly body: string
  readonly region: string
  readonly service: string
}

const bytes = (text: string) => new TextEncoder().encode(text)
const hex = (buffer: ArrayBuffer): string =>
  [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
const sha256 = async (text: string): Promise<string> => hex(await crypto.subtle.digest('SHA-256', bytes(text)))

async function hmac(key: BufferSource, text: string): Promise<ArrayBuffer> {
  const imported = await crypto.subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  return crypto.subtle.sign('HMAC', imported, bytes(text))
}

/** RFC 3986: all but unreserved characters. */
export const percent = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)

/** The headers that sign a request at `now`, in ms. */
export async function sign(
  { method, url, body, region, service }: Unsigned,
  { accessKeyId, secretAccessKey, sessionToken }: Credentials,
  now: number,
): Promise<Record<string, string>> {
  const date = new Date(now).toISOString().replace(/[-:]|\.\d+/g, '')
  const signed: Record<string, string> = {
    host: url.host,
    'x-amz-date': date,
    ...(sessionToken && { 'x-amz-security-token': sessionToken }),
  }
  const names = Object.keys(signed).join(';')
  // The path is encoded once more: %3A becomes %253A.
  const path = url.pathname.split('/').map(percent).join('/')
  const headers = Object.entries(signed).map(([name, value]) => `${name}:${value}\n`)
  const canonical = [method, path, url.search.slice(1), headers.join(''), names, await sha256(body)].join('\n')
  const scope = [date.slice(0, 8), region, service, 'aws4_request']
  let key: BufferSource = bytes(`AWS4${secretAccessKey}`)
  for (const part of scope) key = await hmac(key, part)
  const text = ['AWS4-HMAC-SHA256', date, scope.join('/'), await sha256(canonical)].join('\n')
  const { host, ...sent } = signed
  return {
    ...sent,
    authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope.join('/')}, SignedHeaders=${names}, Signature=${hex(await hmac(key, text))}`,
  }
}
