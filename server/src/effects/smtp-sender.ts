// E-mail by SMTP, through nodemailer's connection pool. Not here: retries, which are in messages/.
import { domainToASCII } from 'node:url'
import { createTransport } from 'nodemailer'
import { parseMailbox } from '../config/mail-address-rules.ts'
import { DeliveryFailed, type Email, type SendEmail } from './effects.ts'
import { limits } from './limits.ts'

const CONNECTIONS = 8

export interface SmtpSender {
  send: SendEmail
  close(): void
}

/**
 * Sends through `url`. Its query may hold options of nodemailer, such as `?requireTLS=true`; without that one STARTTLS
 * is used when the server offers it.
 */
export function smtpSender(url: string): SmtpSender {
  const transport = createTransport({
    url,
    pool: true,
    maxConnections: CONNECTIONS,
    connectionTimeout: limits.smtpStep.max,
    greetingTimeout: limits.smtpStep.max,
    socketTimeout: limits.smtpStep.max,
    dnsTimeout: limits.smtpStep.max,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return {
    async send(email) {
      try {
        await transport.sendMail(messageOf(email))
      } catch (error) {
        throw smtpFailure(error)
      }
    },
    close: () => transport.close({ force: true }),
  }
}

// Addresses are objects and the envelope is explicit, so that nodemailer parses no address as a list (header
// injection).
function messageOf({ id, from, replyTo, to, subject, html }: Email) {
  const sender = mailbox(from)
  return {
    from: sender,
    to: { name: '', address: to },
    ...(replyTo === undefined ? {} : { replyTo: mailbox(replyTo) }),
    envelope: { from: sender.address, to: [to] },
    subject,
    html,
    messageId: `<${id}@${domainToASCII(sender.address.slice(sender.address.lastIndexOf('@') + 1)) || 'localhost'}>`,
    // RFC 3834: no replies by machines.
    headers: { 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
    signal: AbortSignal.timeout(limits.smtpWhole.max),
  }
}

function mailbox(text: string) {
  const parsed = parseMailbox(text)
  if (!parsed) throw new DeliveryFailed('the sender or reply address is not one e-mail address')
  return parsed
}

interface SmtpError {
  code?: string
  command?: string
  responseCode?: number
  permanent?: boolean
  response?: string
}

/**
 * Permanent only when the server refuses this recipient or this content for good. A refusal for policy (enhanced code
 * 5.7, RFC 3463 3.8), of the login or of the sender is worth a retry: the operator may fix the configuration meanwhile.
 */
function smtpFailure(error: unknown): DeliveryFailed {
  if (error instanceof DeliveryFailed) return error
  const { code, command, responseCode, permanent = false, response = '' } = Object(error) as SmtpError
  const aboutMessage = (command === 'RCPT TO' || command === 'DATA') && !/\b5\.7\.\d/.test(response)
  const reason = ['SMTP', code, command, responseCode].filter((part) => part !== undefined).join(' ')
  return new DeliveryFailed(reason, permanent && aboutMessage)
}
