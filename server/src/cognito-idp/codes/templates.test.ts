import { describe, expect, test } from 'vitest'
import { poolWith } from '../../../test/outbox-parts.ts'
import { messageProblem } from '../../messages/message-rules.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { type MessageKind, type MessageRequest, renderMessage } from './templates.ts'

type Settings = Partial<UserPool['settings']>

const rendered = (kind: MessageKind, settings: Settings = {}, changes: Partial<MessageRequest> = {}) =>
  renderMessage({
    pool: poolWith(settings),
    kind,
    attribute: 'email',
    to: 'ada@example.com',
    code: '123456',
    username: 'ada',
    userSub: 'sub-1',
    config: { mailFrom: 'no-reply@example.com' },
    ...changes,
  })
const sms = { attribute: 'phone_number', to: '+491701234567' } as const

const VERIFICATIONS = ['sign-up', 'resend', 'forgot-password', 'verify-attribute', 'update-attribute'] as const

describe('default texts', () => {
  test.each(VERIFICATIONS)('%s', (kind) => {
    expect(rendered(kind)).toEqual({
      userPoolId: 'us-east-1_Messages1',
      userSub: 'sub-1',
      medium: 'EMAIL',
      to: 'ada@example.com',
      from: 'no-reply@example.com',
      subject: 'Your verification code',
      body: 'Your verification code is 123456. ',
      code: '123456',
    })
    expect(rendered(kind, {}, sms)).toEqual({
      userPoolId: 'us-east-1_Messages1',
      userSub: 'sub-1',
      medium: 'SMS',
      to: '+491701234567',
      body: 'Your verification code is 123456. ',
      code: '123456',
    })
  })

  test('authentication', () => {
    expect(rendered('authentication')).toMatchObject({
      subject: 'Your authentication code',
      body: 'Your authentication code is 123456. ',
    })
    expect(rendered('authentication', {}, sms).body).toBe('Your authentication code is 123456. ')
  })

  test('invitation', () => {
    expect(rendered('invitation', {}, { code: 'Temp0rary!' })).toMatchObject({
      subject: 'Your temporary password',
      body: 'Your username is ada and temporary password is Temp0rary!. ',
      code: 'Temp0rary!',
    })
    expect(rendered('invitation', {}, sms).body).toBe('Your username is ada and temporary password is 123456. ')
  })
})

describe('templates of the pool', () => {
  const template = { EmailMessage: 'T {####}', EmailSubject: 'T subject', SmsMessage: 'T sms {####}' }
  const twins = {
    EmailVerificationMessage: 'L {####}',
    EmailVerificationSubject: 'L subject',
    SmsVerificationMessage: 'L sms {####}',
  }

  test.each(VERIFICATIONS)('%s: the template takes precedence over the older members', (kind) => {
    const both = { ...twins, VerificationMessageTemplate: template }
    expect(rendered(kind, both)).toMatchObject({ subject: 'T subject', body: 'T 123456' })
    expect(rendered(kind, both, sms).body).toBe('T sms 123456')
    expect(rendered(kind, twins)).toMatchObject({ subject: 'L subject', body: 'L 123456' })
    expect(rendered(kind, twins, sms).body).toBe('L sms 123456')
  })

  test('members of a template that are missing fall back one by one', () => {
    const part = { ...twins, VerificationMessageTemplate: { EmailMessage: 'T {####}' } }
    expect(rendered('sign-up', part)).toMatchObject({ subject: 'L subject', body: 'T 123456' })
  })

  test('of a pool that confirms by link have the link where there is one, and the text for codes elsewhere', () => {
    const template = {
      DefaultEmailOption: 'CONFIRM_WITH_LINK',
      EmailMessageByLink: 'Click {##here##}',
      EmailSubjectByLink: 'Click',
    } as const
    const settings = { VerificationMessageTemplate: template }
    const link = 'https://id.example.com/confirmUser?client_id=1&confirmation_code=123456'
    expect(rendered('sign-up', settings)).toMatchObject({
      subject: 'Your verification code',
      body: 'Your verification code is 123456. ',
    })
    expect(rendered('sign-up', settings, { link })).toMatchObject({
      subject: 'Click',
      body: 'Click <a href="https://id.example.com/confirmUser?client_id=1&amp;confirmation_code=123456">here</a>',
    })
    expect(rendered('resend', {}, { link })).toMatchObject({ subject: 'Your verification link' })
    expect(rendered('sign-up', settings, { ...sms, link }).body).toBe('Your verification code is 123456. ')
  })

  test('invitation', () => {
    const InviteMessageTemplate = {
      EmailMessage: 'I {username} {####}',
      EmailSubject: 'I subject',
      SMSMessage: 'I sms {username} {####}',
    }
    const settings = { AdminCreateUserConfig: { InviteMessageTemplate }, VerificationMessageTemplate: template }
    expect(rendered('invitation', settings)).toMatchObject({ subject: 'I subject', body: 'I ada 123456' })
    expect(rendered('invitation', settings, sms).body).toBe('I sms ada 123456')
  })

  test('SMS of authentication', () => {
    expect(rendered('authentication', { SmsAuthenticationMessage: 'A {####}' }, sms).body).toBe('A 123456')
  })

  test('an invitation without a password has no code', () => {
    expect(rendered('invitation', {}, { code: '' })).not.toHaveProperty('code')
  })

  test('an invitation is worth delivering as long as its password works, at most a week', () => {
    const DAY = 24 * 60 * 60 * 1000
    const days = (TemporaryPasswordValidityDays: number) => ({
      Policies: { PasswordPolicy: { TemporaryPasswordValidityDays } },
    })
    expect(rendered('invitation').usefulForMs).toBe(7 * DAY)
    expect(rendered('invitation', days(2)).usefulForMs).toBe(2 * DAY)
    expect(rendered('invitation', days(0)).usefulForMs).toBe(7 * DAY)
    expect(rendered('invitation', days(300)).usefulForMs).toBe(7 * DAY)
  })
})

describe('filling in', () => {
  const invite = (EmailMessage: string, EmailSubject = 'Hello {username}') => ({
    AdminCreateUserConfig: { InviteMessageTemplate: { EmailMessage, EmailSubject, SMSMessage: EmailMessage } },
  })

  test('every occurrence', () => {
    expect(rendered('invitation', invite('{####} {username} {####}{####} {username}')).body).toBe(
      '123456 ada 123456123456 ada',
    )
  })

  test('a placeholder inside a value is not replaced', () => {
    const odd = { username: '{####}{username}', code: '{username}$&$1' }
    expect(rendered('invitation', invite('{username}|{####}'), odd).body).toBe('{####}{username}|{username}$&amp;$1')
    expect(rendered('invitation', invite('{username}|{####}'), { ...odd, ...sms }).body).toBe(
      '{####}{username}|{username}$&$1',
    )
  })

  test('only the documented placeholders', () => {
    const template = '{{####}} {###} {username } {USERNAME} $ {constructor} {__proto__} <%= code %> {{code}}'
    expect(rendered('invitation', invite(template)).body).toBe(
      '{123456} {###} {username } {USERNAME} $ {constructor} {__proto__} <%= code %> {{code}}',
    )
  })

  test('values are escaped in HTML, the template is not, and SMS is text', () => {
    const username = `<img/src="x"onerror='alert(1)'>&amp;`
    const template = '<b title="{username}">{username}</b>'
    const escaped = '&lt;img/src=&quot;x&quot;onerror=&#39;alert(1)&#39;&gt;&amp;amp;'
    expect(rendered('invitation', invite(template), { username }).body).toBe(`<b title="${escaped}">${escaped}</b>`)
    expect(rendered('invitation', invite('{####}'), { code: 'a<b>&"c' }).body).toBe('a&lt;b&gt;&amp;&quot;c')
    expect(rendered('invitation', invite(template), { username, ...sms }).body).toBe(
      `<b title="${username}">${username}</b>`,
    )
  })

  test('a subject stays one line of bounded length', () => {
    expect(rendered('invitation', invite('x', 'A\r\nBcc: eve@example.com\tB\u2028C\u202eD')).subject).toBe(
      'A Bcc: eve@example.com B C D',
    )
    expect(rendered('invitation', invite('x'), { username: 'ada\r\n\r\n<script>' }).subject).toBe('Hello ada <script>')
    expect(rendered('invitation', invite('x', '{username}'.repeat(14)), { username: '😀'.repeat(128) }).subject).toBe(
      '😀'.repeat(255),
    )
    expect(rendered('invitation', invite('x', '👩‍💻 Grüße')).subject).toBe('👩‍💻 Grüße')
  })
})

describe('the sender', () => {
  const from = (EmailConfiguration: UserPool['settings']['EmailConfiguration']) => {
    const { from, replyTo } = rendered('sign-up', { EmailConfiguration })
    return [from, replyTo]
  }
  const identity = (name: string) => `arn:aws:ses:us-east-1:123456789012:identity/${name}`

  test('is what the pool names, else its SES identity, else MAIL_FROM', () => {
    expect(from({ From: ' Ada <ada@example.org> ', SourceArn: identity('ses@example.org') })).toEqual([
      'Ada <ada@example.org>',
      undefined,
    ])
    expect(from({ SourceArn: identity('ses@example.org'), ReplyToEmailAddress: 'help@example.org' })).toEqual([
      'ses@example.org',
      'help@example.org',
    ])
    expect(from({ SourceArn: identity('example.org') })).toEqual(['no-reply@example.com', undefined])
    expect(from({ SourceArn: 'ses@example.org' })).toEqual(['no-reply@example.com', undefined])
    expect(from({ EmailSendingAccount: 'COGNITO_DEFAULT' })).toEqual(['no-reply@example.com', undefined])
  })

  test.each(['a@example.org, b@example.org', 'Ada\r\nBcc: b@example.org <a@example.org>', 'not an address', ''])(
    '%j is passed over',
    (text) => {
      expect(from({ From: text, ReplyToEmailAddress: text })).toEqual(['no-reply@example.com', undefined])
    },
  )
})

test('what is rendered can be queued, whatever the values', () => {
  const settings = {
    AdminCreateUserConfig: { InviteMessageTemplate: { EmailMessage: '{username}', EmailSubject: '{username} {####}' } },
  }
  for (const username of ['\r\n', '\u0000', '\u2029', '\ud800', '{####}', 'x'.repeat(128), '']) {
    expect(messageProblem(rendered('invitation', settings, { username }))).toBeUndefined()
  }
})
