// Signature Version 4 at the server: whether the caller knew the secret of the access key it names
// (docs/reference/identity-pools-sts-iam-sync.md 14). Pure: finding the key, checking its session token and replay are
// others' work. The form is read by `parse.ts` first; the caller looks the secret up in between.
import { createHmac } from 'node:crypto'
import { equalBytes } from '../crypto/equal-bytes.ts'
import { canonicalRequest, headersByName, type SignedRequest, stringToSign } from './canonical.ts'
import { formatBasicIso, parseBasicIso } from './date.ts'
import type { ParsedSignature } from './parse.ts'
import { invalid, mismatch, type SignatureRefusal } from './refusals.ts'
import { createSigningKeyCache, deriveSigningKey, type SigningKeyCache } from './signing-key.ts'

export type { SignedRequest } from './canonical.ts'
export { type ParsedSignature, type ParseResult, parseSignedRequest } from './parse.ts'
export type { SignatureRefusal } from './refusals.ts'

export interface Verification {
  request: SignedRequest
  parsed: ParsedSignature
  /** The secret of `parsed.accessKeyId`. */
  secretAccessKey: string
  /** Epoch milliseconds. */
  now: number
  expectedService: string
  /** Undefined accepts a scope of any region. */
  expectedRegion: string | undefined
  /** How far the date of a signature may be from `now`, either way; 300 in JSON services, 900 in query services. */
  skewSeconds: number
  /** Take `UNSIGNED-PAYLOAD` for a body hash. Off by default: sensible behind TLS only. */
  allowUnsignedPayload?: boolean
  /**
   * Let content-type be unsigned, for the old mobile SDKs of Cognito Sync
   * (docs/reference/identity-pools-sts-iam-sync.md 14.2).
   */
  allowUnsignedContentType?: boolean
  /** Append what was hashed to the message of a wrong signature, as AWS does. It holds no secret. */
  explain?: boolean
  /** Replaces the cache shared in this process. */
  signingKeys?: SigningKeyCache
}

// A key is one access key on one day: room for every key in use on a busy day, in about 300 KB.
const sharedSigningKeys = createSigningKeyCache(1000)

/** Undefined for a good signature, else the refusal: scope first, then time, then the signature over what was sent. */
export function verifySignature(verification: Verification): SignatureRefusal | undefined {
  return scopeRefusal(verification) ?? timeRefusal(verification) ?? signatureRefusal(verification)
}

function scopeRefusal({ parsed, expectedService, expectedRegion }: Verification): SignatureRefusal | undefined {
  const { region, service } = parsed.scope
  // The space at the end is AWS's.
  if (expectedRegion !== undefined && region !== expectedRegion) {
    return invalid(`Credential should be scoped to a valid region, not '${region}'. `)
  }
  if (service !== expectedService) {
    return invalid(`Credential should be scoped to correct service: '${expectedService}'. `)
  }
  return undefined
}

function timeRefusal({ parsed, now, skewSeconds }: Verification): SignatureRefusal | undefined {
  const { date, expiresSeconds } = parsed
  const signedAt = parseBasicIso(date) ?? Number.NaN
  const goodForSeconds = expiresSeconds ?? skewSeconds
  const [nowText, earliest, latest] = [now, now - goodForSeconds * 1000, now + skewSeconds * 1000].map(formatBasicIso)
  // Compared in whole seconds, as printed.
  const nowSeconds = Math.floor(now / 1000)
  if (!(signedAt / 1000 >= nowSeconds - goodForSeconds)) {
    return invalid(
      `Signature expired: ${date} is now earlier than ${earliest} (${nowText} - ${goodForSeconds / 60} min.)`,
    )
  }
  if (!(signedAt / 1000 <= nowSeconds + skewSeconds)) {
    return invalid(
      `Signature not yet current: ${date} is still later than ${latest} (${nowText} + ${skewSeconds / 60} min.)`,
    )
  }
  return undefined
}

function signatureRefusal(verification: Verification): SignatureRefusal | undefined {
  const { request, parsed, secretAccessKey } = verification
  const headers = headersByName(request.headers)
  const broken = brokenRule(verification, headers)
  if (broken !== undefined) return mismatch(broken)

  const payloadHash = headers.get('x-amz-content-sha256')?.[0] ?? request.bodySha256Hex
  const canonical = canonicalRequest(request, headers, parsed.signedHeaders, payloadHash)
  // One character is one byte here; what is not came from somewhere else than a socket, and would be hashed wrongly.
  if (/[\u0100-\uffff]/.test(canonical)) return mismatch('the request holds characters that are not bytes')

  const signingKeys = verification.signingKeys ?? sharedSigningKeys
  const cached = signingKeys.get(parsed.accessKeyId, secretAccessKey, parsed.scope)
  const key = cached ?? deriveSigningKey(secretAccessKey, parsed.scope)
  const signed = stringToSign(parsed.date, parsed.scope, canonical)
  const expected = createHmac('sha256', key).update(signed, 'utf8').digest('hex')
  if (!equalBytes(expected, parsed.signature)) {
    const refusal = mismatch('the signature is another one')
    return verification.explain ? { ...refusal, message: refusal.message + explanation(canonical, signed) } : refusal
  }
  // Kept after success only, so that nobody without a secret can push keys out of the cache.
  if (!cached) signingKeys.set(parsed.accessKeyId, secretAccessKey, parsed.scope, key)
  return undefined
}

/**
 * The first rule of docs/reference/identity-pools-sts-iam-sync.md 14.1 that the request breaks whatever its signature,
 * for the log.
 */
function brokenRule(
  { request, parsed, allowUnsignedPayload, allowUnsignedContentType }: Verification,
  headers: ReadonlyMap<string, readonly string[]>,
): string | undefined {
  if (!request.rawPath.startsWith('/') && request.rawPath !== '') return 'the request target is not a path'
  // Some parsers read "+" as a space, some as a plus: a signature must not cover both readings.
  if (request.rawQuery.includes('+')) return 'the query string holds a "+"'

  const absent = parsed.signedHeaders.find((name) => !headers.has(name))
  if (absent !== undefined) return `the signed header ${absent} is absent`

  const wanted = ['x-amz-target', 'x-amz-security-token']
  if (request.method === 'POST' && !allowUnsignedContentType) wanted.push('content-type')
  const required = [
    'host',
    ...wanted.filter((name) => headers.has(name)),
    ...(parsed.dateHeader ? [parsed.dateHeader] : []),
  ]
  const unsigned = required.find((name) => !parsed.signedHeaders.includes(name))
  if (unsigned !== undefined) return `the header ${unsigned} is not signed`

  const declared = headers.get('x-amz-content-sha256')?.[0]
  if (declared === undefined || declared === request.bodySha256Hex) return undefined
  if (declared === 'UNSIGNED-PAYLOAD' && allowUnsignedPayload) return undefined
  return 'x-amz-content-sha256 is not the hash of the body'
}

function explanation(canonical: string, signed: string): string {
  return (
    `\n\nThe Canonical String for this request should have been\n'${canonical}'` +
    `\n\nThe String-to-Sign should have been\n'${signed}'\n`
  )
}
