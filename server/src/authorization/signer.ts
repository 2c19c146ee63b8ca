// Who signed a request: the step of the path that finds the key, verifies the signature and refuses with the services'
// own errors. The signature itself is sigv4.ts.
import { createHash } from 'node:crypto'
import type { Context } from '../context.ts'
import { ApiError } from '../errors.ts'
import type { ApiRequest } from '../http/request.ts'
import type { SignedCaller } from '../operation.ts'
import { rootArn } from './authorize.ts'
import { parseSignedRequest, verifySignature } from './sigv4.ts'

const SKEW_SECONDS = 5 * 60

/** The principal that signed. Throws MissingAuthenticationToken, UnrecognizedClient, IncompleteSignature or InvalidSignature. */
export function verifySigner(context: Context, request: ApiRequest, service: string): SignedCaller {
  const signable = {
    method: request.method,
    rawPath: request.rawPath,
    rawQuery: request.rawQuery,
    headers: request.headers,
    bodySha256Hex: createHash('sha256').update(request.body).digest('hex'),
  }
  const parsed = parseSignedRequest(signable)
  if (parsed.kind === 'none') throw new ApiError('MissingAuthenticationTokenException', 'Missing Authentication Token')
  if (parsed.kind === 'refused') throw new ApiError(parsed.refused.code, parsed.refused.message)
  const administrator = context.administrator
  // Long-term keys carry no session token; there are no temporary ones yet.
  if (parsed.accessKeyId !== administrator.accessKeyId || parsed.sessionToken !== undefined) {
    throw new ApiError('UnrecognizedClientException', 'The security token included in the request is invalid.')
  }
  const refused = verifySignature({
    request: signable,
    parsed,
    secretAccessKey: administrator.secretAccessKey,
    now: context.clock.now(),
    expectedService: service,
    expectedRegion: context.config.region,
    skewSeconds: SKEW_SECONDS,
  })
  if (refused) throw new ApiError(refused.code, refused.message)
  return { kind: 'signed', arn: rootArn(context), accountId: context.config.accountId, accessKeyId: parsed.accessKeyId }
}
