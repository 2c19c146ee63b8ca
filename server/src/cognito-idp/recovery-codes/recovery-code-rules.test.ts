import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { newRecoveryCode, recoveryCodeIn } from './recovery-code-rules.ts'

test('a code is ten characters that nobody takes for others', () => {
  const codes = Array.from({ length: 300 }, () => newRecoveryCode(randomBytes))
  for (const code of codes) expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$/)
  expect(new Set(codes).size).toBe(300)
  // Every character is drawn: each of 32 is missing in 3,000 with a probability of e^-94.
  expect(new Set(codes.join('')).size).toBe(33)
})

test('it is read however it is typed', () => {
  for (const typed of ['7K3QX-M04TD', '7k3qxm04td', ' 7K3QX M04TD ', '7K3QX-MO4TD', '7-K-3-Q-X-M-0-4-T-D'])
    expect(recoveryCodeIn(typed)).toBe('7K3QXM04TD')
  expect(recoveryCodeIn('ilo01-ILO01')).toBe('1100111001')
})

test.each([
  undefined,
  '',
  '123456',
  '12345678',
  '7K3QX-M04T',
  '7K3QX-M04TDD',
  '7K3QX-M04TU',
  '7K3QX_M04TD',
  '７K3QX-M04TD',
  'SOFTWARE_TOKEN_MFA',
  'SMS_MFA',
  'EMAIL_OTP',
  `${' '.repeat(40)}7K3QXM04TD`,
])('%j is none', (text) => {
  expect(recoveryCodeIn(text)).toBeUndefined()
})
