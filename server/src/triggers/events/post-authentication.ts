import { type Metadata, metadata, type Texts, trigger } from '../trigger.ts'

export interface PostAuthenticationRequest {
  userAttributes: Texts
  /** Whether the sign-in came from a device that the pool had not seen, in pools that remember devices. */
  newDeviceUsed: boolean
  /** ClientMetadata of RespondToAuthChallenge. */
  clientMetadata: Metadata
}

/** After all proofs, before the tokens. */
export const postAuthentication = trigger<'PostAuthentication_Authentication'>()({
  name: 'PostAuthentication',
  event: ({ userAttributes, newDeviceUsed, clientMetadata }: PostAuthenticationRequest) => ({
    request: { userAttributes, newDeviceUsed, ...metadata(clientMetadata) },
    response: {},
  }),
  answer: () => ({}),
})
