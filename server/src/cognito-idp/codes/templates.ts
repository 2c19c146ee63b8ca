// The subject and body of a message: the pool's templates with placeholders filled in. Pure. When a message is sent is
// decided by the operations (codes.ts); delivery is messages/.
// docs/reference/user-pools.md 5.5, 14; docs/behaviour/messages.md says what we chose where the reference is open.

import type { Config } from '../../config/config.ts'
import { parseMailbox } from '../../config/mail-address-rules.ts'
import { type Contact, mediumOf } from '../../messages/delivery-rules.ts'
import { limits } from '../../messages/limits.ts'
import { UNSAFE_IN_HEADERS } from '../../messages/message-rules.ts'
import type { OutgoingMessage } from '../../messages/outbox.ts'
import { type CustomWords, LINK } from '../../triggers/events/custom-words-rules.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { temporaryPasswordDays } from '../users/password-rules.ts'

export type MessageKind =
  | 'sign-up'
  | 'resend'
  | 'forgot-password'
  | 'verify-attribute'
  | 'update-attribute'
  | 'invitation'
  | 'authentication'

export interface MessageRequest {
  pool: UserPool
  kind: MessageKind
  attribute: Contact
  to: string
  /** The code, or the temporary password of an invitation; empty when the user is invited without one. */
  code: string
  /** The text for the placeholder {username}. */
  username: string
  /** The user that the message is for: it is removed with the user. */
  userSub: string
  config: Pick<Config, 'mailFrom'>
  /** The URL of the page that confirms a sign-up with this code (confirmation-link.ts); absent in all other messages. */
  link?: string | undefined
  /** Those of a CustomMessage trigger, in place of the pool's. */
  words?: CustomWords | undefined
}

/**
 * The message, ready for `outbox.enqueue`. E-mail bodies are HTML: the template is the pool's own HTML, values are
 * escaped; SMS is text.
 */
export function renderMessage(request: MessageRequest): OutgoingMessage {
  const { pool, kind, attribute, code, username, link, config, words } = request
  const own = textsOf(pool, kind, link)
  const texts = {
    sms: words?.smsMessage || own.sms,
    subject: words?.emailSubject || own.subject,
    body: words?.emailMessage || own.body,
  }
  const values = { code, username }
  const common = commonMembers(request)
  if (attribute === 'phone_number') return { ...common, body: fill(texts.sms, values) }
  return {
    ...common,
    ...sender(pool, config),
    subject: headerText(fill(texts.subject, values)),
    body: fill(withLink(texts.body, link), { code: escapeHtml(values.code), username: escapeHtml(values.username) }),
  }
}

/** What a message has whoever words and sends it. */
export const commonMembers = ({
  pool,
  kind,
  attribute,
  to,
  code,
  userSub,
}: Omit<MessageRequest, 'config' | 'username'>): Omit<OutgoingMessage, 'body'> => ({
  userPoolId: pool.id,
  userSub,
  medium: mediumOf(attribute),
  to,
  ...(code === '' ? {} : { code }),
  ...invitationLifetime(pool, kind),
})

interface Texts {
  sms: string
  subject: string
  body: string
}

const VERIFICATION: Texts = {
  sms: 'Your verification code is {####}. ',
  subject: 'Your verification code',
  body: 'Your verification code is {####}. ',
}
const AUTHENTICATION: Texts = {
  sms: 'Your authentication code is {####}. ',
  subject: 'Your authentication code',
  body: 'Your authentication code is {####}. ',
}
const INVITATION: Texts = {
  sms: 'Your username is {username} and temporary password is {####}. ',
  subject: 'Your temporary password',
  body: 'Your username is {username} and temporary password is {####}. ',
}

/** The words of Cognito's own message. */
const BY_LINK: Pick<Texts, 'subject' | 'body'> = {
  subject: 'Your verification link',
  body: 'Please click the link below to verify your email address. {##Verify Email##} ',
}

function textsOf({ settings }: UserPool, kind: MessageKind, link: string | undefined): Texts {
  switch (kind) {
    case 'authentication':
      return {
        sms: settings.SmsAuthenticationMessage ?? AUTHENTICATION.sms,
        subject: settings.EmailMfaConfiguration?.Subject ?? AUTHENTICATION.subject,
        body: settings.EmailMfaConfiguration?.Message ?? AUTHENTICATION.body,
      }
    case 'invitation': {
      const template = settings.AdminCreateUserConfig?.InviteMessageTemplate
      return {
        sms: template?.SMSMessage ?? INVITATION.sms,
        subject: template?.EmailSubject ?? INVITATION.subject,
        body: template?.EmailMessage ?? INVITATION.body,
      }
    }
    default: {
      // VerificationMessageTemplate takes precedence over the older members.
      const template = settings.VerificationMessageTemplate
      const sms = template?.SmsMessage ?? settings.SmsVerificationMessage ?? VERIFICATION.sms
      if (link !== undefined) {
        return {
          sms,
          subject: template?.EmailSubjectByLink ?? BY_LINK.subject,
          body: template?.EmailMessageByLink ?? BY_LINK.body,
        }
      }
      return {
        sms,
        subject: template?.EmailSubject ?? settings.EmailVerificationSubject ?? VERIFICATION.subject,
        body: template?.EmailMessage ?? settings.EmailVerificationMessage ?? VERIFICATION.body,
      }
    }
  }
}

// One pass, so that a placeholder inside a value is not replaced.
const fill = (template: string, values: { code: string; username: string }): string =>
  template.replaceAll(/\{####\}|\{username\}/g, (placeholder) => values[placeholder === '{####}' ? 'code' : 'username'])

/** `{##text##}` as a link with that text, which is the pool's own HTML like all of the message. */
const withLink = (template: string, link: string | undefined): string =>
  link === undefined
    ? template
    : template.replaceAll(LINK, (_, text: string) => `<a href="${escapeHtml(link)}">${text}</a>`)

const HTML_ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

export const escapeHtml = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (character) => HTML_ESCAPES[character] ?? '')

/** Text on one line, without characters that could end a header line or hide its end (header injection). */
export const headerText = (text: string): string =>
  [...text.replaceAll(UNSAFE_IN_HEADERS, ' ').trim()].slice(0, limits.subject.max).join('')

/**
 * The sender of e-mail: the pool's From, else the address whose SES identity the pool names, else MAIL_FROM. A text
 * that is not exactly one address is skipped: better a message from the server's own sender than none.
 */
export function sender({ settings }: UserPool, config: Pick<Config, 'mailFrom'>): { from: string; replyTo?: string } {
  const { From, SourceArn, ReplyToEmailAddress } = settings.EmailConfiguration ?? {}
  const identity = SourceArn && /:identity\/(.+)$/.exec(SourceArn)?.[1]
  const from = [From, identity].map((text) => text?.trim()).find((text) => text !== undefined && parseMailbox(text))
  const replyTo = ReplyToEmailAddress?.trim()
  return { from: from ?? config.mailFrom, ...(replyTo !== undefined && parseMailbox(replyTo) ? { replyTo } : {}) }
}

const DAY_MS = 24 * 60 * 60 * 1000
const INVITATION_DAYS = 7

/** An invitation is worth delivering while its temporary password works, at most a week. */
function invitationLifetime({ settings }: UserPool, kind: MessageKind): { usefulForMs?: number } {
  if (kind !== 'invitation') return {}
  return { usefulForMs: Math.min(temporaryPasswordDays(settings), INVITATION_DAYS) * DAY_MS }
}
