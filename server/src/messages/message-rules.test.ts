import { describe, expect, test } from 'vitest'
import { messageProblem } from './message-rules.ts'
import type { OutgoingMessage } from './outbox.ts'

const email = (changes: Partial<OutgoingMessage> = {}): OutgoingMessage => ({
  userPoolId: 'us-east-1_Messages1',
  userSub: 'sub-1',
  medium: 'EMAIL',
  to: 'ada@example.com',
  subject: 'Your code',
  body: 'It is 123456.',
  ...changes,
})
const sms = (changes: Partial<OutgoingMessage> = {}): OutgoingMessage => ({
  userPoolId: 'us-east-1_Messages1',
  userSub: 'sub-1',
  medium: 'SMS',
  to: '+491701234567',
  body: 'It is 123456.',
  ...changes,
})

test('accepts a message to one destination', () => {
  expect(messageProblem(email())).toBeUndefined()
  expect(
    messageProblem(email({ from: 'Ada <ada@example.com>', replyTo: 'help@example.com', subject: 'Grüße 👩‍💻' })),
  ).toBeUndefined()
  expect(messageProblem(sms())).toBeUndefined()
})

test.each([
  'a@example.com,b@example.com',
  'Ada <a@example.com>',
  'a@example.com\r\nBcc: b@example.com',
  'a@example.com ',
  '+491701234567',
  '',
])('an e-mail does not go to %j', (to) => {
  expect(messageProblem(email({ to }))).toBe('its destination is not one e-mail address')
})

test.each([
  '491701234567',
  '+49 170 1234567',
  '+49170,+49171',
  '+1234567890123456',
  '+',
  '+49170\n',
  'ada@example.com',
  '+49١٧٠',
])('an SMS does not go to %j', (to) => {
  expect(messageProblem(sms({ to }))).toBe('its destination is not one phone number in E.164 form')
})

describe('headers', () => {
  test.each([
    'a\rb',
    'a\nb',
    'a\r\nBcc: b@example.com',
    'a\0b',
    'a\u0085b',
    'a\u2028b',
    'a\u2029b',
    'a\u202eb',
    'a\ud800b',
  ])('a subject is not %j', (subject) => {
    expect(messageProblem(email({ subject }))).toBe('its subject has characters that a header must not have')
  })

  test('a subject is at most 255 characters', () => {
    expect(messageProblem(email({ subject: '😀'.repeat(255) }))).toBeUndefined()
    expect(messageProblem(email({ subject: 'x'.repeat(256) }))).toBe('its subject is longer than 255 characters')
  })

  test('sender and reply address are one address each', () => {
    expect(messageProblem(email({ from: 'a@example.com, b@example.com' }))).toBe('its sender is not one e-mail address')
    expect(messageProblem(email({ replyTo: 'a\r\nBcc: b@example.com' }))).toBe(
      'its reply address is not one e-mail address',
    )
  })
})

test('bodies are bounded', () => {
  expect(messageProblem(email({ body: 'x'.repeat(256 * 1024) }))).toBeUndefined()
  expect(messageProblem(email({ body: 'x'.repeat(256 * 1024 + 1) }))).toBe('its body is longer than 262144 characters')
  expect(messageProblem(sms({ body: 'x'.repeat(1600) }))).toBeUndefined()
  expect(messageProblem(sms({ body: 'x'.repeat(1601) }))).toBe('its text is longer than 1600 characters')
})
