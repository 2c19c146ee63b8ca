// The senders and the STS that the configuration names.
import type { Config } from '../config/config.ts'
import type { Effects } from './effects.ts'
import { externalSts } from './external-sts.ts'
import { smsSender } from './sms-senders.ts'

export interface Senders extends Pick<Effects, 'sendEmail' | 'sendSms' | 'externalSts'> {
  /** Closes connections, also those that still wait for an answer. */
  close(): void
}

/** E-mail by SMTP, SMS by HTTP or SNS; undefined for what is not configured, and not loaded then. */
export async function configuredSenders(config: Pick<Config, 'smtpUrl' | 'sms' | 'externalStsUrl'>): Promise<Senders> {
  const closing = new AbortController()
  const smtp = config.smtpUrl === undefined ? undefined : (await import('./smtp-sender.ts')).smtpSender(config.smtpUrl)
  return {
    sendEmail: smtp?.send,
    sendSms: config.sms && smsSender(config.sms, closing.signal),
    externalSts: config.externalStsUrl === undefined ? undefined : externalSts(config.externalStsUrl, closing.signal),
    close: () => {
      smtp?.close()
      closing.abort()
    },
  }
}
