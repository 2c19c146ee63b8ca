import { endpointOf } from '../analytics/pinpoint-rules.ts'
import { operation } from '../operation.ts'
import { adminSource } from '../threats/user-source.ts'
import { respondToChallenge } from './respond.ts'

/** AdminRespondToAuthChallenge: RespondToAuthChallenge for callers that sign (docs/reference/user-pools.md 9.10). */
export const adminRespondToAuthChallenge = operation(
  'AdminRespondToAuthChallenge',
  (context, { input, pool, client, ...request }) =>
    respondToChallenge(
      context,
      {
        pool,
        client,
        admin: true,
        parameters: input.ChallengeResponses ?? {},
        validationData: undefined,
        clientMetadata: input.ClientMetadata,
        session: input.Session,
        remoteAddress: request.remoteAddress,
        source: adminSource(request, { pool }, input.ContextData),
        endpoint: endpointOf(input.AnalyticsMetadata),
      },
      input.ChallengeName,
    ),
)
