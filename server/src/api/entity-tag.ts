// Conditional answers (RFC 9110 13.1.2): a client that names the entity tag of what it has gets 304 in place of the same again.
// Cognito has none, and clients that send no If-None-Match see none.
import { type ApiRequest, type ApiResponse, headerOf } from '../http/request.ts'

/** The answer with its entity tag, or 304 when the client has it already. As it is without a tag. */
export function withEntityTag(
  request: Pick<ApiRequest, 'headers'>,
  response: ApiResponse,
  tag: string | undefined,
): ApiResponse {
  if (tag === undefined) return response
  // A browser that kept answers would ask by itself, and give an old client an old one with an expired session token.
  const headers: Record<string, string> = { ...response.headers, etag: tag, 'cache-control': 'no-store' }
  if (!names(headerOf(request, 'if-none-match') ?? '', tag)) return { ...response, headers }
  delete headers['content-type']
  return { status: 304, headers, body: '' }
}

/** Whether a list of If-None-Match names a tag; compared weakly (RFC 9110 8.8.3.2). */
const names = (list: string, tag: string): boolean =>
  list.split(',').some((one) => one.trim() === '*' || one.trim().replace(/^W\//, '') === tag)
