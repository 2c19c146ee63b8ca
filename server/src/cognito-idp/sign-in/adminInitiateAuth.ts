import { operation } from '../operation.ts'
import { beginSignIn } from './begin.ts'

/** AdminInitiateAuth: the same for callers that sign (docs/reference/user-pools.md 9.1, 9.10). */
export const adminInitiateAuth = operation('AdminInitiateAuth', (context, { input, pool, client, remoteAddress }) =>
  beginSignIn(
    context,
    { pool, client, admin: true, parameters: input.AuthParameters ?? {}, session: input.Session, remoteAddress },
    input.AuthFlow,
  ),
)
