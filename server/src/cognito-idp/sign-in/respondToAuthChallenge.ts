import { endpointOf } from '../analytics/pinpoint-rules.ts'
import { operation } from '../operation.ts'
import { userSource } from '../threats/user-source.ts'
import { respondToChallenge } from './respond.ts'

/** RespondToAuthChallenge (docs/reference/user-pools.md 9.1). */
export const respondToAuthChallenge = operation(
  'RespondToAuthChallenge',
  (context, { input, pool, client, ...request }) =>
    respondToChallenge(
      context,
      {
        pool,
        client,
        admin: false,
        parameters: input.ChallengeResponses ?? {},
        validationData: undefined,
        clientMetadata: input.ClientMetadata,
        session: input.Session,
        remoteAddress: request.remoteAddress,
        source: userSource(request, { pool, client }, input.UserContextData),
        endpoint: endpointOf(input.AnalyticsMetadata),
      },
      input.ChallengeName,
    ),
)
