import { type Metadata, metadata, type Texts, trigger } from '../trigger.ts'

export interface VerifyAuthChallengeRequest {
  userAttributes: Texts
  /** Of the CreateAuthChallenge trigger. */
  privateChallengeParameters: Texts
  /** ANSWER of the client. */
  challengeAnswer: string
  clientMetadata: Metadata
  userNotFound?: boolean | undefined
}

/** Whether an answer to a custom challenge is right. */
export const verifyAuthChallengeResponse = trigger<'VerifyAuthChallengeResponse_Authentication'>()({
  name: 'VerifyAuthChallengeResponse',
  event: (given: VerifyAuthChallengeRequest) => ({
    request: {
      userAttributes: given.userAttributes,
      privateChallengeParameters: given.privateChallengeParameters,
      challengeAnswer: given.challengeAnswer,
      ...metadata(given.clientMetadata),
      userNotFound: given.userNotFound,
    },
    response: { answerCorrect: null },
  }),
  answer: (response) => ({ answerCorrect: response.boolean('answerCorrect') ?? false }),
})
