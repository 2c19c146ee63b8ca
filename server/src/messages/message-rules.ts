// The last look at a message before it is queued: to one destination, and with nothing that could become a header of
// its own. What is found here is a fault of this server, as attributes and templates were checked when they came in.
// Pure. docs/reference/threats.md 38.
import { isMailAddress, parseMailbox } from '../config/mail-address-rules.ts'
import type { OutgoingMessage } from './outbox.ts'

const PHONE_NUMBER = /^\+[0-9]{1,15}$/

/** Code points of a subject; templates have at most 140 (docs/reference/user-pools.md 14), values add to it. */
export const LONGEST_SUBJECT = 255

// A template of 20,000 characters may name long values a thousand times.
const LONGEST_EMAIL_BODY = 256 * 1024
// What gateways take in parts; SNS allows no more.
const LONGEST_SMS_BODY = 1600

/** Control characters, line and paragraph separators, lone surrogates, and marks that turn the direction of text. */
export const UNSAFE_IN_HEADERS = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu

/** What is wrong with a message, without any of its content; undefined for a good one. */
export function messageProblem(message: OutgoingMessage): string | undefined {
  return message.medium === 'EMAIL' ? emailProblem(message) : smsProblem(message)
}

function emailProblem({ to, subject = '', body, from, replyTo }: OutgoingMessage): string | undefined {
  if (!isMailAddress(to)) return 'its destination is not one e-mail address'
  if (subject.search(UNSAFE_IN_HEADERS) >= 0) return 'its subject has characters that a header must not have'
  if ([...subject].length > LONGEST_SUBJECT) return `its subject is longer than ${LONGEST_SUBJECT} characters`
  if (from !== undefined && !parseMailbox(from)) return 'its sender is not one e-mail address'
  if (replyTo !== undefined && !parseMailbox(replyTo)) return 'its reply address is not one e-mail address'
  if (body.length > LONGEST_EMAIL_BODY) return `its body is longer than ${LONGEST_EMAIL_BODY} characters`
  return undefined
}

function smsProblem({ to, body }: OutgoingMessage): string | undefined {
  if (!PHONE_NUMBER.test(to)) return 'its destination is not one phone number in E.164 form'
  if (body.length > LONGEST_SMS_BODY) return `its text is longer than ${LONGEST_SMS_BODY} characters`
  return undefined
}
