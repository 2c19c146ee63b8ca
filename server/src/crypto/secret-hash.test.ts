import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { computeSecretHash, secretHashMatches } from './secret-hash.ts'

const hash = computeSecretHash('13ka4h7u28d9oo44tqpq9djqsfvhvu8rk4d2ighvpu0k8fj1c2r9', 'jané', 'client1')

test('is base64 of HMAC-SHA256 over username and client id', () => {
  const hmac = createHmac('sha256', '13ka4h7u28d9oo44tqpq9djqsfvhvu8rk4d2ighvpu0k8fj1c2r9')
  expect(hash).toBe(hmac.update(Buffer.from('janéclient1', 'utf8')).digest('base64'))
  expect(hash).toMatch(/^[A-Za-z0-9+/]{43}=$/)
  // RFC 4231 test case 2, cut in two.
  const rfc = '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'
  expect(Buffer.from(computeSecretHash('Jefe', 'what do ya want ', 'for nothing?'), 'base64').toString('hex')).toBe(rfc)
})

test('is right with any active secret and any accepted username', () => {
  const secrets = ['first', 'second']
  for (const secret of secrets) {
    for (const username of ['jane', 'sub-1', 'jane@example.com']) {
      const made = computeSecretHash(secret, username, 'client1')
      expect(secretHashMatches(made, secrets, ['jane', 'sub-1', 'jane@example.com'], 'client1')).toBe(true)
      expect(secretHashMatches(made, secrets, username, 'client1')).toBe(true)
      expect(secretHashMatches(made, secrets, username, 'client2')).toBe(false)
      expect(secretHashMatches(made, ['third'], username, 'client1')).toBe(false)
      expect(secretHashMatches(made, secrets, 'john', 'client1')).toBe(false)
    }
  }
})

test('refuses everything else', () => {
  const made = computeSecretHash('s', 'jane', 'client1')
  const wrong = ['', '=', made.slice(0, -1), `${made}=`, ` ${made}`, made.toLowerCase(), made.slice(1), 'é'.repeat(22)]
  for (const text of wrong) expect(secretHashMatches(text, ['s'], 'jane', 'client1')).toBe(false)
  expect(secretHashMatches(made, [], 'jane', 'client1')).toBe(false)
  expect(secretHashMatches(made, ['s'], [], 'client1')).toBe(false)
})
