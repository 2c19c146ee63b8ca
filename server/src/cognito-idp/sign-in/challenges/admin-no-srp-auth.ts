// ADMIN_NO_SRP_AUTH: the password of a custom sign-in, plain, from an application's server, where the pool's
// DefineAuthChallenge trigger asks for it (docs/reference/user-pools.md 9.5, 9.10). Round trips and costly work: as for
// USER_PASSWORD_AUTH, and the session is spent.
import { ApiError } from '../../../errors.ts'
import { allowsFlow } from '../../user-pool-clients/auth-flow-rules.ts'
import { candidateOf } from '../password-check.ts'
import { provePlainPassword } from '../plain-password.ts'
import { openSession, signerOfSession, spendSession } from '../session.ts'
import { type Challenge, requireParameter, type SignInRequest, withProof } from '../sign-in.ts'

/** Whether a sign-in may be asked for it: one by the Admin operations, at a client that takes the password by them. */
export const mayAskPlainPassword = ({ admin, client }: Pick<SignInRequest, 'admin' | 'client'>): boolean =>
  admin && allowsFlow(client.settings, 'ADMIN_USER_PASSWORD_AUTH')

export const adminNoSrpAuth: Challenge = {
  announce: (_context, _request, { signer }) => ({
    parameters: { USERNAME: signer.userId, USER_ID_FOR_SRP: signer.userId },
  }),

  // A wrong password leaves the session good, so that it can be typed again: each counts as a guess.
  answer: async (context, request) => {
    if (!request.admin)
      throw new ApiError(
        'InvalidParameterException',
        'The challenge ADMIN_NO_SRP_AUTH is answered by AdminRespondToAuthChallenge alone.',
      )
    const password = requireParameter(request, 'PASSWORD')
    const session = openSession(context, request, 'ADMIN_NO_SRP_AUTH')
    const candidate = await candidateOf(context, request, await signerOfSession(context, request, session))
    const progress = await provePlainPassword(context, request, candidate, session.state, password)
    await spendSession(context.db, request.pool.id, session)
    return { ...progress, state: withProof(session.state, 'password', 'ADMIN_NO_SRP_AUTH') }
  },
}
