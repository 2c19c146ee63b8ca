import type { Limits } from '../limit.ts'

const SECOND_MS = 1000
const HOUR_MS = 60 * 60 * SECOND_MS

export const limits = {
  // Templates have at most 140; values add to it.
  subject: {
    max: 255,
    unit: 'characters',
    bounds: 'subject of an e-mail, cut off there',
    source: 'docs/reference/user-pools.md 14',
  },
  // Far above a template's 20,000 characters, as a template may repeat its placeholders a thousand times.
  emailBody: { max: 256 * 1024, unit: 'characters', bounds: 'body of an e-mail' },
  // The limit of SNS; gateways split longer texts into parts.
  smsBody: { max: 1600, unit: 'characters', bounds: 'text of an SMS' },
  attempt: {
    max: 60 * SECOND_MS,
    unit: 'ms',
    bounds: 'one attempt to deliver; a sender that has not answered has failed',
  },
  // About a day of retries.
  attempts: { max: 32, bounds: 'attempts to deliver a message' },
  usefulFor: {
    max: 24 * HOUR_MS,
    unit: 'ms',
    bounds: 'time for which a message is worth delivering when it says nothing itself',
  },
  senderTries: {
    max: 3,
    bounds: 'attempts to deliver by a custom sender that throws',
    source: 'docs/reference/user-pools.md 13.1',
  },
  captured: { max: 1000, bounds: 'messages of which the outbox keeps the newest' },
  keptFor: {
    max: 7 * 24 * HOUR_MS,
    unit: 'ms',
    bounds: 'time for which the outbox keeps messages, and those for which nothing is configured that delivers them',
  },
} as const satisfies Limits
