import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { poolWith } from '../../test/outbox-parts.ts'
import { type SmtpServer, startSmtpServer } from '../../test/smtp-server.ts'
import { renderMessage } from '../cognito-idp/codes/templates.ts'
import { readConfig } from '../config/config.ts'
import { ConfigError } from '../config/config-error.ts'
import { messageProblem } from '../messages/message-rules.ts'
import { DeliveryFailed, type Email } from './effects.ts'
import { type SmtpSender, smtpSender } from './smtp-sender.ts'

let server: SmtpServer
let sender: SmtpSender
beforeEach(async () => {
  server = await startSmtpServer()
  sender = smtpSender(server.url)
})
afterEach(async () => {
  sender.close()
  await server.close()
})

const email = (changes: Partial<Email> = {}): Email => ({
  id: '11111111-2222-4333-8444-555555555555',
  from: 'no-reply@example.com',
  to: 'ada@example.com',
  subject: 'Your code',
  html: '<p>It is 123456.</p>',
  ...changes,
})

const names = (headers: string[]) => headers.map((line) => line.slice(0, line.indexOf(':'))).sort()
const header = (name: string) =>
  server.mails
    .at(-1)
    ?.headers.find((line) => line.startsWith(`${name}: `))
    ?.slice(name.length + 2)
const USUAL = [
  'Auto-Submitted',
  'Content-Transfer-Encoding',
  'Content-Type',
  'Date',
  'From',
  'MIME-Version',
  'Message-ID',
  'Subject',
  'To',
]

test('sends one mail to one recipient', async () => {
  await sender.send(email({ from: '"Ada, Countess" <ada@example.org>', replyTo: 'help@example.org' }))
  expect(server.mails).toMatchObject([
    { from: 'ada@example.org', recipients: ['ada@example.com'], body: '<p>It is 123456.</p>' },
  ])
  expect(names(server.mails[0]?.headers ?? [])).toEqual([...USUAL, 'Reply-To'].sort())
  expect(header('From')).toBe('"Ada, Countess" <ada@example.org>')
  expect(header('Reply-To')).toBe('help@example.org')
  expect(header('To')).toBe('ada@example.com')
  expect(header('Subject')).toBe('Your code')
  expect(header('Content-Type')).toBe('text/html; charset=utf-8')
  expect(header('Auto-Submitted')).toBe('auto-generated')
  expect(header('Message-ID')).toBe('<11111111-2222-4333-8444-555555555555@example.org>')
})

test('keeps connections open between mails, and closes them', async () => {
  for (let i = 0; i < 5; i++) await sender.send(email())
  expect(server.mails).toHaveLength(5)
  expect(server.commands.filter((command) => command.startsWith('EHLO'))).toHaveLength(1)
})

test('characters outside of ASCII arrive', async () => {
  await sender.send(
    email({
      subject: 'Grüße 👋',
      html: '<p>Código 123456 ✅</p>',
      from: 'Müller <a@example.com>',
      to: 'jörg@exämple.de',
    }),
  )
  expect(server.mails[0]?.recipients).toEqual(['jörg@exämple.de'])
  expect(server.commands.find((command) => command.startsWith('MAIL'))).toContain('SMTPUTF8')
  expect(server.mails[0]?.body).toBe('<p>Código 123456 ✅</p>')
  expect(header('Subject')).toMatch(/^=\?UTF-8\?/)
})

test('a domain outside of ASCII needs no extension of the server', async () => {
  server.reply = (command) => (command.startsWith('EHLO') ? '250 loopback' : undefined)
  await sender.send(email({ to: 'jorg@exämple.de', from: 'Müller <a@exämple.de>' }))
  expect(server.mails[0]).toMatchObject({ from: 'a@xn--exmple-cua.de', recipients: ['jorg@xn--exmple-cua.de'] })
  expect(header('Message-ID')).toMatch(/^[ -~]+$/)
})

test('never reads a file or URL that a mail refers to', async () => {
  const path = '<img src="/etc/passwd"><img src="http://127.0.0.1:1/x">'
  await sender.send(email({ html: path }))
  expect(server.mails[0]?.body).toBe(path)
})

describe('failures', () => {
  const failureOf = (changes: Partial<Email> = {}) =>
    sender.send(email(changes)).then(
      () => 'sent',
      (error: DeliveryFailed) => [error instanceof DeliveryFailed, error.reason, error.permanent, error.message],
    )
  const failed = (reason: string, permanent: boolean) => [true, reason, permanent, reason]

  test.each([
    ['RCPT TO', '550 5.1.1 <ada@example.com> unknown', 'SMTP EENVELOPE RCPT TO 550', true],
    ['RCPT TO', '450 4.2.0 greylisted', 'SMTP EENVELOPE RCPT TO 450', false],
    ['RCPT TO', '554 5.7.1 relaying denied', 'SMTP EENVELOPE RCPT TO 554', false],
    ['MAIL FROM', '550 5.1.8 not your sender', 'SMTP EENVELOPE MAIL FROM 550', false],
    ['.', '554 5.6.0 content refused', 'SMTP EMESSAGE DATA 554', true],
    ['.', '452 4.3.1 disk full', 'SMTP EMESSAGE DATA 452', false],
  ])('%s answered %s', async (to, reply, reason, permanent) => {
    server.reply = (command) => (command.startsWith(to) ? reply : undefined)
    expect(await failureOf()).toEqual(failed(reason, permanent))
    server.reply = () => undefined
    expect(await failureOf()).toBe('sent')
  })

  test('a server that is unreachable, or refuses every connection', async () => {
    await server.close()
    expect(await failureOf()).toEqual([
      true,
      expect.stringMatching(/^SMTP E(SOCKET|CONNREFUSED|CONNECTION) CONN$/),
      false,
      expect.anything(),
    ])
  })

  test('a wrong login is not a permanent failure of the message', async () => {
    const named = smtpSender(server.url.replace('//', '//user:wrong@'))
    server.reply = (command) =>
      command.startsWith('EHLO')
        ? '250-loopback\r\n250 AUTH PLAIN'
        : command.startsWith('AUTH')
          ? '535 5.7.8 no'
          : undefined
    const error = await named.send(email()).catch((thrown: DeliveryFailed) => thrown)
    expect(error).toMatchObject({ reason: 'SMTP EAUTH AUTH PLAIN 535', permanent: false })
    named.close()
  })
})

// Line breaks in every spelling, header names, lists of recipients, and strings that often break parsers.
const breaks = [
  '\r\n',
  '\n',
  '\r',
  '\r\n\r\n',
  '\u2028',
  '\u2029',
  '\u0085',
  '\v',
  '\f',
  '\0',
  '%0d%0a',
  '%0A',
  '\\r\\n',
  '&#13;&#10;',
  '=0D=0A',
  '=?utf-8?Q?=0D=0A?=',
  '嘍嘊',
  '\u010d\u010a',
  '\ud800',
  '\r\n ',
]
const payloads = [
  'Bcc: eve@example.net',
  'Cc: eve@example.net',
  'To: eve@example.net',
  'Content-Type: text/html\r\n\r\n<script>alert(1)</script>',
  '.\r\nMAIL FROM:<eve@example.net>',
]
const injections = [
  ...breaks.flatMap((lineBreak) => payloads.map((payload) => `ada${lineBreak}${payload}`)),
  'ada@example.com, eve@example.net',
  'ada@example.com; eve@example.net',
  '"ada" <eve@example.net>',
  '<eve@example.net>',
  'group: eve@example.net, ada@example.com;',
  'ada@example.com (eve@example.net)',
  "<script>alert('x')</script>",
  "'; DROP TABLE users; --",
  '{{7*7}}<%= 7*7 %>#{7*7}',
  '{####}{username}{##click##}',
  '../../../../etc/passwd',
  'Ω≈ç√∫˜µ≤≥÷ÅÍÎÏ˝ÓÔ\uf8ffÒÚÆ☃',
  '田中さんにあげて下さい',
  '\u202etest\u202c \u200btest\ufeff',
  'Ṱ̺̺̕o͞ ̷i̲̬͇̪͙n̝̗͕v̟̜̘̦͟o̶̙̰̠kè͚̮̺̪̹̱̤',
  '👾 🙇 💁 🙅 👨‍👩‍👧 🇺🇸',
  '$HOME `ls` $(id) | cat /etc/passwd',
  'javascript:alert(1)//',
  '%s%s%n%d \x1b[31m',
]

describe('injection', () => {
  test(`${injections.length} strings as username, code, subject and sender: one recipient, no header of their own`, async () => {
    expect(injections.length).toBeGreaterThan(60)
    for (const string of injections) {
      server.mails.length = 0
      server.commands.length = 0
      const template = { EmailSubject: `Hello ${string} {username} {####}`, EmailMessage: '<p>{username} {####}</p>' }
      const pool = poolWith({
        AdminCreateUserConfig: { InviteMessageTemplate: template },
        EmailConfiguration: { From: string, ReplyToEmailAddress: string },
      })
      const message = renderMessage({
        pool,
        kind: 'invitation',
        attribute: 'email',
        to: 'ada@example.com',
        code: string,
        username: string,
        userSub: 'sub-1',
        config: { mailFrom: 'no-reply@example.com' },
      })
      expect(messageProblem(message), JSON.stringify(string)).toBeUndefined()
      const { from = '', replyTo, to, subject = '', body } = message
      await sender.send({ id: 'i', from, ...(replyTo === undefined ? {} : { replyTo }), to, subject, html: body })
      const [mail] = server.mails
      expect(mail?.recipients, JSON.stringify(string)).toEqual(['ada@example.com'])
      expect(server.mails).toHaveLength(1)
      expect(server.commands.filter((command) => /^(MAIL|RCPT)/.test(command))).toHaveLength(2)
      const expected = replyTo === undefined ? USUAL : [...USUAL, 'Reply-To'].sort()
      expect(names(mail?.headers ?? []), JSON.stringify(string)).toEqual(expected)
      expect(mail?.body).not.toContain('<script>')
    }
  })

  test('the sender prevents header injection even without the checks before it', async () => {
    for (const string of injections) {
      server.mails.length = 0
      await sender.send(email({ subject: string }))
      expect(names(server.mails[0]?.headers ?? []), JSON.stringify(string)).toEqual(USUAL)
      expect(server.mails[0]?.recipients).toEqual(['ada@example.com'])
      await sender.send(email({ from: string })).then(
        () => expect(server.mails[1]?.from, JSON.stringify(string)).toMatch(/^[^\s,;]+@example\.net$/),
        (error: unknown) => expect(error).toBeInstanceOf(DeliveryFailed),
      )
    }
  })

  test('a line with a single dot does not end a mail body early', async () => {
    const html = '<p>one</p>\r\n.\r\nRCPT TO:<eve@example.net>\r\n..\r\nend'
    await sender.send(email({ html }))
    expect(server.mails).toHaveLength(1)
    expect(server.mails[0]?.recipients).toEqual(['ada@example.com'])
    expect(server.mails[0]?.body).toBe(html)
  })
})

test('MAIL_FROM is one address', () => {
  expect(readConfig({ MAIL_FROM: 'Example <no-reply@example.com>' }).mailFrom).toBe('Example <no-reply@example.com>')
  for (const MAIL_FROM of ['a@example.com, b@example.com', 'nobody', 'a@example.com\r\nBcc: b@example.com'])
    expect(() => readConfig({ MAIL_FROM })).toThrow(ConfigError)
})
