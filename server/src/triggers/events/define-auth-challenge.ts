import { type Metadata, metadata, type Texts, trigger } from '../trigger.ts'

/** One step of a custom sign-in so far. */
export interface ChallengeResult {
  /** CUSTOM_CHALLENGE, SRP_A, PASSWORD_VERIFIER, SMS_MFA … (docs/reference/user-pools.md 13.3). */
  challengeName: string
  challengeResult: boolean
  /** Of the CreateAuthChallenge trigger, for CUSTOM_CHALLENGE. */
  challengeMetadata?: string | undefined
}

export interface DefineAuthChallengeRequest {
  userAttributes: Texts
  session: readonly ChallengeResult[]
  clientMetadata: Metadata
  userNotFound?: boolean | undefined
}

/** What follows in a custom sign-in. */
export const defineAuthChallenge = trigger<'DefineAuthChallenge_Authentication'>()({
  name: 'DefineAuthChallenge',
  event: ({ userAttributes, session, clientMetadata, userNotFound }: DefineAuthChallengeRequest) => ({
    request: { userAttributes, session, ...metadata(clientMetadata), userNotFound },
    response: { challengeName: null, issueTokens: null, failAuthentication: null },
  }),
  answer: (response) => ({
    challengeName: response.text('challengeName'),
    issueTokens: response.boolean('issueTokens') ?? false,
    failAuthentication: response.boolean('failAuthentication') ?? false,
  }),
})
