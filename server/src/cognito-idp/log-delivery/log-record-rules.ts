// The records of the logs of a user pool, as the service writes them. Pure. docs/reference/user-pools.md 18.7.
import type { AuthEvent } from '../threats/event-rules.ts'

interface Activity {
  readonly event: AuthEvent
  readonly userPoolId: string
  readonly sub: string
  readonly userName: string | undefined
  readonly requestId: string | undefined
  readonly provider: string | undefined
  /** Whether the application sent the fingerprint of the device. */
  readonly hasContext: boolean
  /** Epoch milliseconds. */
  readonly now: number
}

/** A record of what a user did (`userAuthEvents`). What is not known is an empty text. */
export function activityRecord({ event, userPoolId, sub, userName = '', requestId = '', ...more }: Activity): object {
  const { details, feedback } = event
  return {
    eventTimestamp: String(more.now),
    eventSource: 'USER_ACTIVITY',
    logLevel: 'INFO',
    message: {
      version: '1',
      eventId: event.id,
      eventType: event.type,
      userSub: sub,
      userName,
      userPoolId,
      clientId: details.clientId ?? '',
      creationDate: javaDate(event.createdAt),
      eventResponse: event.response,
      riskLevel: details.level ?? '',
      riskDecision: decisions[details.decision],
      challenges: event.challenges.map(
        ({ ChallengeName, ChallengeResponse }) => `${ChallengeName}:${ChallengeResponse}`,
      ),
      deviceName: details.deviceName ?? '',
      ipAddress: details.address ?? '',
      requestId,
      idpName: more.provider ?? '',
      compromisedCredentialDetected: String(details.compromised ?? false),
      city: details.city ?? '',
      country: details.country ?? '',
      eventFeedbackValue: feedback?.value ?? '',
      eventFeedbackDate: feedback ? javaDate(feedback.at) : '',
      eventFeedbackProvider: feedback?.provider ?? '',
      hasContextData: String(more.hasContext),
    },
    logSourceId: { userPoolId },
  }
}

const decisions: Readonly<Record<AuthEvent['details']['decision'], string>> = {
  NoRisk: 'PASS',
  AccountTakeover: 'ACCOUNT_TAKEOVER',
  Block: 'BLOCK',
}

/** A record of a message that was not delivered (`userNotification`). */
export const notificationRecord = (userPoolId: string, details: string, now: number): object => ({
  eventTimestamp: String(now),
  eventSource: 'USER_NOTIFICATION',
  logLevel: 'ERROR',
  message: { details },
  logSourceId: { userPoolId },
})

/** `Wed Jul 17 17:25:55 UTC 2024`. */
function javaDate(at: number): string {
  const [day, date, month, year, time] = new Date(at).toUTCString().replace(',', '').split(' ')
  return `${day} ${month} ${date} ${time} UTC ${year}`
}
