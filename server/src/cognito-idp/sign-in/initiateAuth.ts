import { endpointOf } from '../analytics/pinpoint-rules.ts'
import { operation } from '../operation.ts'
import { userSource } from '../threats/user-source.ts'
import { beginSignIn } from './begin.ts'

/** InitiateAuth: begins a sign-in or refreshes one (docs/reference/user-pools.md 9.1). */
export const initiateAuth = operation('InitiateAuth', (context, { input, pool, client, ...request }) =>
  beginSignIn(
    context,
    {
      pool,
      client,
      admin: false,
      parameters: input.AuthParameters ?? {},
      validationData: input.ClientMetadata,
      clientMetadata: undefined,
      session: input.Session,
      remoteAddress: request.remoteAddress,
      source: userSource(request, { pool, client }, input.UserContextData),
      endpoint: endpointOf(input.AnalyticsMetadata),
    },
    input.AuthFlow,
  ),
)
