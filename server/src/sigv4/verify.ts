// Verifies Signature Version 4: that the signer knew the secret of the access key
// (docs/reference/identity-pools-sts-iam-sync.md 14). Pure. Parsing is parse.ts, which runs before; finding the key and
// checking its session token is authorization/signer.ts. Replays are not detected.
import { createHmac } from 'node:crypto'
import { equalBytes } from '../crypto/equal-bytes.ts'
import { canonicalRequest, headersByName, type SignedRequest, stringToSign } from './canonical.ts'
import { formatBasicIso, parseBasicIso } from './date.ts'
import { limits } from './limits.ts'
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
  expectedRegions: readonly string[] | undefined
  /** How far the date of a signature may be from `now`, either way; 300 in JSON services, 900 in query services. */
  skewSeconds: number
  /** Accept `UNSIGNED-PAYLOAD` as the hash of the body. Off by default: secure behind TLS only. */
  allowUnsignedPayload?: boolean
  /** Append what was hashed to the message of a wrong signature, as AWS does. It contains no secret. */
  explain?: boolean
  /** Replaces the cache shared in this process. */
  signingKeys?: SigningKeyCache
}

// One entry for each access key and day. A thousand take about 300 KB.
const sharedSigningKeys = createSigningKeyCache(1000)

/** Undefined for a valid signature, else the first refusal: of the scope, the time, or the signature itself. */
export function verifySignature(verification: Verification): SignatureRefusal | undefined {
  return scopeRefusal(verification) ?? timeRefusal(verification) ?? signatureRefusal(verification)
}

function scopeRefusal({ parsed, expectedService, expectedRegions }: Verification): SignatureRefusal | undefined {
  const { region, service } = parsed.scope
  // The space at the end is in the text of AWS.
  if (expectedRegions && !expectedRegions.includes(region)) {
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
  const validSeconds = expiresSeconds === undefined ? skewSeconds : Math.min(expiresSeconds, limits.presigned.max)
  const [nowText, earliest, latest] = [now, now - validSeconds * 1000, now + skewSeconds * 1000].map(formatBasicIso)
  // Compared in whole seconds, as printed.
  const nowSeconds = Math.floor(now / 1000)
  if (!(signedAt / 1000 >= nowSeconds - validSeconds)) {
    return invalid(
      `Signature expired: ${date} is now earlier than ${earliest} (${nowText} - ${validSeconds / 60} min.)`,
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
  // Text from a socket has one character per byte (canonical.ts). Other text would be hashed wrongly.
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
  // Cached after success only, so that callers without a secret cannot evict keys.
  if (!cached) signingKeys.set(parsed.accessKeyId, secretAccessKey, parsed.scope, key)
  return undefined
}

/**
 * The first rule of docs/reference/identity-pools-sts-iam-sync.md 14.1 that the request breaks apart from the signature
 * itself, as a text for the log.
 */
function brokenRule(
  { request, parsed, allowUnsignedPayload }: Verification,
  headers: ReadonlyMap<string, readonly string[]>,
): string | undefined {
  if (!request.rawPath.startsWith('/') && request.rawPath !== '') return 'the request target is not a path'
  // Some parsers read "+" as a space, some as a plus, so a signature over it would be ambiguous.
  if (request.rawQuery.includes('+')) return 'the query string holds a "+"'

  const absent = parsed.signedHeaders.find((name) => !headers.has(name))
  if (absent !== undefined) return `the signed header ${absent} is absent`

  // Not content-type: many clients never sign it (docs/reference/identity-pools-sts-iam-sync.md 14.1.6).
  const required = [
    'host',
    ...['x-amz-target', 'x-amz-security-token'].filter((name) => headers.has(name)),
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
