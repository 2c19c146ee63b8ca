// What threat protection keeps of a user's doings, and how the API shows it. Pure. docs/reference/user-pools.md 15.
import type { Place } from '../../addresses/places.ts'
import type {
  AuthEventType,
  ChallengeResponseType,
  EventFeedbackType,
  EventResponseType,
  EventType,
  FeedbackValueType,
  RiskDecisionType,
  RiskLevelType,
} from '../../contract/cognito-idp.types.ts'
import type { Proof } from '../sign-in/sign-in.ts'

/** Where something was done from; absent members are not known. */
export interface EventPlace extends Place {
  readonly address?: string
  /** As people recognize it: `Chrome 125 / macOS 15.0`. */
  readonly deviceName?: string
  /** The same for the same device: a hash of what a client's fingerprint or the User-Agent tells. */
  readonly device?: string
  readonly timezone?: string
}

export interface EventDetails extends EventPlace {
  readonly clientId?: string
  readonly decision: RiskDecisionType
  readonly level?: RiskLevelType
  /** Why there is a risk (risk-rules.ts). */
  readonly reasons?: readonly string[]
  readonly compromised?: boolean
}

export interface Feedback {
  readonly value: FeedbackValueType
  readonly provider: 'Admin' | 'User'
  /** Epoch milliseconds. */
  readonly at: number
}

export interface AuthEvent {
  readonly id: string
  readonly type: EventType
  readonly response: EventResponseType
  readonly challenges: readonly ChallengeResponseType[]
  readonly details: EventDetails
  readonly feedback?: Feedback
  /** Epoch milliseconds. */
  readonly createdAt: number
}

/** The challenges that a sign-in has passed, as an event names them. */
export const passedChallenges = (proofs: readonly Proof[]): ChallengeResponseType[] => {
  const names = new Set(proofs.map((proof) => (PASSWORDS.includes(proof) ? 'Password' : 'Mfa')))
  return [...names].map((ChallengeName) => ({ ChallengeName, ChallengeResponse: 'Success' as const }))
}

const PASSWORDS: readonly Proof[] = ['password', 'new-password', 'sign-up']

/** An entry of AdminListUserAuthEvents. */
export const authEventType = ({
  id,
  type,
  response,
  challenges,
  details,
  feedback,
  createdAt,
}: AuthEvent): AuthEventType => ({
  EventId: id,
  EventType: type,
  CreationDate: new Date(createdAt),
  EventResponse: response,
  EventRisk: {
    RiskDecision: details.decision,
    ...(details.level && { RiskLevel: details.level }),
    CompromisedCredentialsDetected: details.compromised ?? false,
  },
  ChallengeResponses: [...challenges],
  EventContextData: {
    ...(details.address !== undefined && { IpAddress: details.address }),
    ...(details.deviceName !== undefined && { DeviceName: details.deviceName }),
    ...(details.timezone !== undefined && { Timezone: details.timezone }),
    ...(details.city !== undefined && { City: details.city }),
    ...(details.country !== undefined && { Country: details.country }),
  },
  ...(feedback && { EventFeedback: feedbackType(feedback) }),
})

const feedbackType = ({ value, provider, at }: Feedback): EventFeedbackType => ({
  FeedbackValue: value,
  Provider: provider,
  FeedbackDate: new Date(at),
})
