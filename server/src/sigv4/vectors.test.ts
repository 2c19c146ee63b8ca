// Signatures AWS published, through the verifier and, in the header form, the signer.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { headersByName } from './canonical.ts'
import { parseBasicIso } from './date.ts'
import { signRequest } from './sign.ts'
import { parseSignedRequest, type SignedRequest, verifySignature } from './verify.ts'

interface Vector {
  name: string
  method?: string
  path?: string
  query?: string
  headers?: Array<[string, string]>
  body?: string
  signedHeaders?: string
  signature: string
}

const vectors = JSON.parse(readFileSync(new URL('./vectors.json', import.meta.url), 'utf8'))
const { accessKeyId, secretAccessKey, date, region, service, host } = vectors
const scope = `${date.slice(0, 8)}/${region}/${service}/aws4_request`
const now = parseBasicIso(date) ?? Number.NaN

/** What node:http makes of text sent as UTF-8. */
const onTheWire = (text = '') => Buffer.from(text, 'utf8').toString('latin1')

function refusalOf(request: SignedRequest) {
  const parsed = parseSignedRequest(request)
  if (parsed.kind === 'none' || parsed.kind === 'refused') return parsed
  const expected = { expectedService: service, expectedRegions: [region], skewSeconds: 300 }
  return verifySignature({ request, parsed, secretAccessKey, now, ...expected })
}

function unsigned({ method = 'GET', path = '/', query, headers = [], body = '' }: Vector) {
  const base = { method, rawPath: onTheWire(path), rawQuery: onTheWire(query) }
  return { ...base, headers, body, bodySha256Hex: createHash('sha256').update(body).digest('hex') }
}

test.each<Vector>(vectors.header)('$name, header form', (vector) => {
  const { headers, ...request } = unsigned(vector)
  const sent: Array<[string, string]> = [['Host', host], ...headers, ['X-Amz-Date', date]]
  const names = [...headersByName(sent).keys()].sort().join(';')
  const authorization = (signature: string) =>
    `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`
  const withSignature = (signature: string): SignedRequest => ({
    ...request,
    headers: [...sent, ['Authorization', authorization(signature)]],
  })
  expect(refusalOf(withSignature(vector.signature))).toBeUndefined()
  expect(refusalOf(withSignature(vector.signature.replace(/^./, (digit) => (digit === '0' ? '1' : '0'))))).toBeDefined()

  const toSign = { ...request, headers: [['Host', host] as const, ...headers] }
  const signed = signRequest(toSign, { accessKeyId, secretAccessKey }, { region, service }, now)
  expect(signed.at(-1)).toEqual(['authorization', authorization(vector.signature)])
})

test.each<Vector>(vectors.query)('$name, query form', (vector) => {
  const { headers, ...request } = unsigned(vector)
  const withSignature = (signature: string): SignedRequest => ({
    ...request,
    headers: [['Host', host], ...headers, ['X-Amz-Date', date]],
    rawQuery: [
      ...(request.rawQuery ? [request.rawQuery] : []),
      'X-Amz-Algorithm=AWS4-HMAC-SHA256',
      `X-Amz-Credential=${encodeURIComponent(`${accessKeyId}/${scope}`)}`,
      `X-Amz-Date=${date}`,
      `X-Amz-SignedHeaders=${vector.signedHeaders ?? 'host'}`,
      'X-Amz-Expires=3600',
      `X-Amz-Signature=${signature}`,
    ].join('&'),
  })
  expect(refusalOf(withSignature(vector.signature))).toBeUndefined()
  expect(refusalOf(withSignature(vector.signature.replace(/^./, (digit) => (digit === '0' ? '1' : '0'))))).toBeDefined()
})
