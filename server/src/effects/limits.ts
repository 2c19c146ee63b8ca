import type { Limits } from '../limit.ts'

export const limits = {
  webAnswer: { max: 256 * 1024, unit: 'bytes', bounds: 'answer of an identity provider' },
  webTime: { max: 5000, unit: 'ms', bounds: 'one request to an identity provider' },
  webRedirects: { max: 3, bounds: 'redirects that are followed' },
  webAtOnce: { max: 128, bounds: 'requests to identity providers at once' },
  // So that one slow provider does not use up the limit of all.
  webPerHost: { max: 16, bounds: 'of these, requests to one host' },
  postTime: { max: 10_000, unit: 'ms', bounds: 'one request to SMS_URL, SNS_ENDPOINT or EXTERNAL_STS_URL' },
  postConnectionIdle: {
    max: 4000,
    unit: 'ms',
    bounds: 'time that a connection to those, or to a function of a trigger, is kept without a request',
  },
  smsAnswer: { max: 16 * 1024, unit: 'bytes', bounds: 'answer of SMS_URL or SNS_ENDPOINT' },
  stsAnswer: { max: 64 * 1024, unit: 'bytes', bounds: 'answer of EXTERNAL_STS_URL' },
  // Shorter than the minutes of RFC 5321 4.5.3.2, as the queue retries.
  smtpStep: { max: 15_000, unit: 'ms', bounds: 'one step of a conversation with SMTP_URL' },
  smtpWhole: { max: 45_000, unit: 'ms', bounds: 'the whole of it' },
  // Clocks of several processes differ, and are set back by a little. What is further ahead was made while the clock was
  // wrong.
  clockAhead: {
    max: 60_000,
    unit: 'ms',
    bounds: 'how far ahead of the clock the time may be at which something was made',
  },
} as const satisfies Limits
