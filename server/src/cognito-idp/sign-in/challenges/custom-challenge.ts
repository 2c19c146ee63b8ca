// CUSTOM_CHALLENGE: the pool's CreateAuthChallenge trigger makes it, VerifyAuthChallengeResponse judges the answer
// (docs/reference/user-pools.md 9.5). A wrong answer ends nothing: DefineAuthChallenge decides what follows.
import { callTrigger, unrecognizableError } from '../../../triggers/call.ts'
import { createAuthChallenge } from '../../../triggers/events/create-auth-challenge.ts'
import { verifyAuthChallengeResponse } from '../../../triggers/events/verify-auth-challenge-response.ts'
import { customStateOf, keepCustomState } from '../custom-state.ts'
import { occasionOf, whoOf } from '../occasion.ts'
import { openSession, releaseSession, signerOfSession, spendSession } from '../session.ts'
import { type Challenge, requireParameter } from '../sign-in.ts'

export const customChallenge: Challenge = {
  announce: async (context, request, { signer, history = [] }) => {
    const made = await callTrigger(
      context,
      createAuthChallenge,
      occasionOf(request, signer, 'CreateAuthChallenge_Authentication'),
      {
        ...whoOf(signer),
        challengeName: 'CUSTOM_CHALLENGE',
        session: history,
        clientMetadata: request.clientMetadata,
      },
    )
    if (!made) throw unrecognizableError()
    return {
      parameters: { USERNAME: signer.userId, ...made.publicChallengeParameters },
      custom: await keepCustomState(context, request, {
        history,
        secrets: made.privateChallengeParameters,
        metadata: made.challengeMetadata,
      }),
    }
  },

  answer: async (context, request) => {
    const challengeAnswer = requireParameter(request, 'ANSWER')
    const session = openSession(context, request, 'CUSTOM_CHALLENGE')
    const signer = await signerOfSession(context, request, session)
    const { secrets, metadata } = await customStateOf(context, request, session.state.custom)
    // Spent before the answer is judged, so that of answers at the same time one is.
    await spendSession(context.db, request.pool.id, session)
    const judged = await callTrigger(
      context,
      verifyAuthChallengeResponse,
      occasionOf(request, signer, 'VerifyAuthChallengeResponse_Authentication'),
      {
        ...whoOf(signer),
        privateChallengeParameters: secrets ?? {},
        challengeAnswer,
        clientMetadata: request.clientMetadata,
      },
    ).catch(async (error) => {
      // Nothing was judged: the user may answer again.
      await releaseSession(context.db, request.pool.id, session)
      throw error
    })
    if (!judged) throw unrecognizableError()
    const result = {
      challengeName: 'CUSTOM_CHALLENGE',
      challengeResult: judged.answerCorrect && signer.user !== undefined,
      challengeMetadata: metadata,
    }
    return { kind: 'progress', signer, state: { ...session.state, result } }
  },
}
