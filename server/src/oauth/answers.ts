// The answers of the endpoints that applications call: JSON (RFC 6749 5.1, 5.2). Pure.

import { textResponse } from '../http/text-response.ts'
import type { Endpoint, ServerProblem } from './endpoint.ts'
import { OAuthError, type OAuthErrorCode } from './oauth-error.ts'

export const json = (body: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Response =>
  textResponse(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json;charset=UTF-8', pragma: 'no-cache', ...headers },
  })

export const jsonError = ({ code, description, status, headers }: OAuthError): Response =>
  json({ error: code, ...(description !== undefined && { error_description: description }) }, status, {
    ...(ofBearers.includes(code) && { 'www-authenticate': `Bearer error="${code}"` }),
    ...(code === 'invalid_client' && status === 401 && { 'www-authenticate': 'Basic realm="OAuth"' }),
    ...headers,
  })

/** RFC 6750 3.1. */
const ofBearers: readonly OAuthErrorCode[] = ['invalid_token', 'insufficient_scope']

/** The answer of an endpoint that the pool has not turned on. */
export const notServed = (): Response => json({ error: 'not_found' }, 404)

/** Wraps an endpoint that answers in JSON: an OAuthError that it throws is its answer. */
export const forApplications = ({ answer, ...endpoint }: Endpoint): Endpoint => ({
  ...endpoint,
  cors: true,
  problem: ({ status, message }: ServerProblem) =>
    json({ error: status < 500 ? 'invalid_request' : 'server_error', error_description: message }, status),
  answer: async (context, request) => {
    try {
      return await answer(context, request)
    } catch (error) {
      if (error instanceof OAuthError) {
        if (error.code === 'invalid_client') request.countGuess()
        // A device asks again and again, as it was told.
        if (error.code === 'authorization_pending') request.excuse()
        return jsonError(error)
      }
      throw error
    }
  },
})
