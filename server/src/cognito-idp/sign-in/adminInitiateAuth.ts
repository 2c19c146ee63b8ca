import { endpointOf } from '../analytics/pinpoint-rules.ts'
import { operation } from '../operation.ts'
import { adminSource } from '../threats/user-source.ts'
import { beginSignIn } from './begin.ts'

/** AdminInitiateAuth: InitiateAuth for callers that sign their requests (docs/reference/user-pools.md 9.1, 9.10). */
export const adminInitiateAuth = operation('AdminInitiateAuth', (context, { input, pool, client, ...request }) =>
  beginSignIn(
    context,
    {
      pool,
      client,
      admin: true,
      parameters: input.AuthParameters ?? {},
      validationData: input.ClientMetadata,
      clientMetadata: undefined,
      session: input.Session,
      remoteAddress: request.remoteAddress,
      source: adminSource(request, { pool }, input.ContextData),
      endpoint: endpointOf(input.AnalyticsMetadata),
    },
    input.AuthFlow,
  ),
)
