import { type Metadata, metadata, type Texts, trigger } from '../trigger.ts'
import type { ChallengeResult } from './define-auth-challenge.ts'

export interface CreateAuthChallengeRequest {
  userAttributes: Texts
  /** CUSTOM_CHALLENGE. */
  challengeName: string
  session: readonly ChallengeResult[]
  clientMetadata: Metadata
  userNotFound?: boolean | undefined
}

/** A challenge of a custom sign-in: what the client is told, and what the answer will be compared with. */
export const createAuthChallenge = trigger<'CreateAuthChallenge_Authentication'>()({
  name: 'CreateAuthChallenge',
  event: ({ userAttributes, challengeName, session, clientMetadata, userNotFound }: CreateAuthChallengeRequest) => ({
    request: { userAttributes, challengeName, session, ...metadata(clientMetadata), userNotFound },
    response: { publicChallengeParameters: null, privateChallengeParameters: null, challengeMetadata: null },
  }),
  answer: (response) => ({
    publicChallengeParameters: response.textsByName('publicChallengeParameters') ?? {},
    privateChallengeParameters: response.textsByName('privateChallengeParameters') ?? {},
    challengeMetadata: response.text('challengeMetadata'),
  }),
})
