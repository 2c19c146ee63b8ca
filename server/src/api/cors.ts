// Cross-origin headers: SDKs in browsers call the API from any page (docs/reference/user-pools.md 1.1). The API uses no
// cookies, so every origin may call it.

const EXPOSED = 'x-amzn-RequestId, x-amzn-ErrorType, x-amzn-ErrorMessage, Date, ETag, Retry-After'
const ALLOWED =
  'Authorization, Content-Type, Cache-Control, X-Amz-Date, X-Amz-Security-Token, X-Amz-Target, X-Amz-User-Agent, X-Amz-Content-Sha256, Amz-Sdk-Request, Amz-Sdk-Invocation-Id, X-Amz-Api-Version'

/** The headers of every answer. */
export const corsHeaders = { 'access-control-allow-origin': '*', 'access-control-expose-headers': EXPOSED } as const

/** The answer to OPTIONS: all headers that the browser asks for are allowed, as no header grants rights by itself. */
export function preflight(requested: string | undefined): {
  status: number
  headers: Record<string, string>
  body: string
} {
  return {
    status: 200,
    headers: {
      ...corsHeaders,
      'access-control-allow-methods': 'POST, GET, PUT, DELETE, OPTIONS',
      'access-control-allow-headers':
        requested !== undefined && /^[\w\s,-]{1,2000}$/.test(requested) ? requested : ALLOWED,
      'access-control-max-age': '172800',
      vary: 'Access-Control-Request-Headers',
    },
    body: '',
  }
}
