// The proof of a key that comes with a user's token at the gate (RFC 9449 7.1).
import type { Context } from '../context.ts'
import { ApiError } from '../errors.ts'
import { headerOf } from '../http/request.ts'
import { type Proof, readProof } from '../oauth/dpop/read-proof.ts'
import type { OriginalRequest } from './original-request.ts'

/**
 * The proof of the original request. Whether that came by TLS is known to the proxy alone, so both schemes of its address count.
 * Throws NotAuthorizedException.
 */
export function proofOf(
  { clock }: Pick<Context, 'clock'>,
  original: Pick<OriginalRequest, 'method' | 'host' | 'rawPath' | 'headers'>,
  accessToken: string,
): Proof {
  const { method, host, rawPath, headers } = original
  const isOne = headers.filter(([name]) => name.toLowerCase() === 'dpop').length === 1
  const urls = ['https', 'http'].map((scheme) => `${scheme}://${host}${rawPath}`)
  const text = isOne ? (headerOf(original, 'dpop') ?? '') : ''
  const read = readProof(text, { method, urls, accessToken }, clock.now())
  if ('problem' in read) throw new ApiError('NotAuthorizedException', `The DPoP proof is refused: ${read.problem}.`)
  return read
}
