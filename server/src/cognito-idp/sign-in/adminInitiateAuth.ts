import { operation } from '../operation.ts'
import { beginSignIn } from './begin.ts'

/** AdminInitiateAuth: InitiateAuth for callers that sign their requests (docs/reference/user-pools.md 9.1, 9.10). */
export const adminInitiateAuth = operation('AdminInitiateAuth', (context, { input, pool, client, remoteAddress }) =>
  beginSignIn(
    context,
    {
      pool,
      client,
      admin: true,
      parameters: input.AuthParameters ?? {},
      clientMetadata: input.ClientMetadata,
      session: input.Session,
      remoteAddress,
    },
    input.AuthFlow,
  ),
)
