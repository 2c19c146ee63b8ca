import { createHmac } from 'node:crypto'
import { algorithm, canonicalRequest, encode, headersByName, scopeTerminator, stringToSign } from './canonical.ts'
import { formatBasicIso } from './date.ts'
import type { SigningCredentials } from './sign.ts'
import { deriveSigningKey } from './signing-key.ts'

/**
 * A URL that whoever has it may GET for `lifeSeconds` from `now` (epoch milliseconds) on, signed with Signature Version 4 in the
 * query form, as S3 takes it: without a hash of the body. `url` has no query; S3 allows 604,800 seconds at most.
 */
export function presignedUrl(
  url: URL,
  { accessKeyId, secretAccessKey }: SigningCredentials,
  { region, service }: { region: string; service: string },
  now: number,
  lifeSeconds: number,
): string {
  const date = formatBasicIso(now)
  const scope = { date: date.slice(0, 8), region, service }
  const parameters = {
    'X-Amz-Algorithm': algorithm,
    'X-Amz-Credential': [accessKeyId, scope.date, region, service, scopeTerminator].join('/'),
    'X-Amz-Date': date,
    'X-Amz-Expires': String(lifeSeconds),
    'X-Amz-SignedHeaders': 'host',
  }
  const query = Object.entries(parameters)
    .map(([name, value]) => `${name}=${encode(value)}`)
    .join('&')
  const request = { method: 'GET', rawPath: url.pathname, rawQuery: query }
  const canonical = canonicalRequest(request, headersByName([['host', url.host]]), ['host'], 'UNSIGNED-PAYLOAD')
  const signature = createHmac('sha256', deriveSigningKey(secretAccessKey, scope))
    .update(stringToSign(date, scope, canonical), 'utf8')
    .digest('hex')
  return `${url.origin}${url.pathname}?${query}&X-Amz-Signature=${signature}`
}
