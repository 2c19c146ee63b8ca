// The senders and the STS that the configuration names.
import type { Config } from '../config/config.ts'
import type { Effects } from './effects.ts'
import { externalSts } from './external-sts.ts'
import { smsSender } from './sms-senders.ts'

export interface Senders extends Pick<Effects, 'sendEmail' | 'sendSms' | 'externalSts'> {
  /** Closes all connections and aborts the requests in flight. */
  close(): void
}

/**
 * E-mail by SMTP, SMS by HTTP or SNS; undefined when not configured. The SMTP library is loaded only when it is used.
 */
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
