// A challenge is asked anew, or another one in its place, with the proofs that were given: a code is sent again, or the user
// chooses another factor. The API has no such step: its clients begin anew. docs/behaviour/factor-pages.md.
import type { ChallengeNameType } from '../../contract/cognito-idp.types.ts'
import { openSession, signerOfSession, spendSession } from './session.ts'
import type { Step } from './sign-in.ts'

/**
 * The session of `asked` is used up, and what `chosen` says is asked if the user may give it: a factor, SELECT_MFA_TYPE or
 * SELECT_CHALLENGE for a choice. Each code is a message and a try that budgets count.
 */
export const askAgain =
  (asked: ChallengeNameType, chosen: ChallengeNameType): Step =>
  async (context, request) => {
    const session = openSession(context, request, asked)
    const signer = await signerOfSession(context, request, session)
    await spendSession(context.db, request.pool.id, session)
    const { pending: _, settingUp: __, ...state } = session.state
    return { kind: 'progress', signer, state: { ...state, chosen } }
  }
