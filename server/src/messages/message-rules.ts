// The last check of a message before it is queued: exactly one destination, and no header injection. A problem found
// here is a fault of this server, as attributes and templates were validated when they were stored. Pure.
// docs/reference/threats.md 38.
import { isMailAddress, parseMailbox } from '../config/mail-address-rules.ts'
import { limits } from './limits.ts'
import type { OutgoingMessage } from './outbox.ts'

const PHONE_NUMBER = /^\+[0-9]{1,15}$/

/** Control characters, line and paragraph separators, lone surrogates, and marks that turn the direction of text. */
export const UNSAFE_IN_HEADERS = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu

/** The problem of a message, worded without its content; undefined for a valid one. */
export function messageProblem(message: OutgoingMessage): string | undefined {
  return message.medium === 'EMAIL' ? emailProblem(message) : smsProblem(message)
}

function emailProblem({ to, subject = '', body, from, replyTo }: OutgoingMessage): string | undefined {
  if (!isMailAddress(to)) return 'its destination is not one e-mail address'
  if (subject.search(UNSAFE_IN_HEADERS) >= 0) return 'its subject has characters that a header must not have'
  if ([...subject].length > limits.subject.max) return `its subject is longer than ${limits.subject.max} characters`
  if (from !== undefined && !parseMailbox(from)) return 'its sender is not one e-mail address'
  if (replyTo !== undefined && !parseMailbox(replyTo)) return 'its reply address is not one e-mail address'
  if (body.length > limits.emailBody.max) return `its body is longer than ${limits.emailBody.max} characters`
  return undefined
}

function smsProblem({ to, body }: OutgoingMessage): string | undefined {
  if (!PHONE_NUMBER.test(to)) return 'its destination is not one phone number in E.164 form'
  if (body.length > limits.smsBody.max) return `its text is longer than ${limits.smsBody.max} characters`
  return undefined
}
