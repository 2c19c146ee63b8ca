import { generateKeyPairSync } from 'node:crypto'
import { expect, it } from 'vitest'
import { isP256PrivateKey } from './ec-keys.ts'

const pem = (type: 'ec' | 'ed25519', namedCurve = 'P-256', form: 'pkcs8' | 'sec1' = 'pkcs8'): string => {
  const { privateKey } = type === 'ec' ? generateKeyPairSync('ec', { namedCurve }) : generateKeyPairSync('ed25519')
  return privateKey.export({ type: form, format: 'pem' } as { type: 'pkcs8'; format: 'pem' }) as string
}

it('takes PKCS #8 in PEM, in one line, and without the lines around it', () => {
  const text = pem('ec')
  for (const form of [text, text.replaceAll('\n', ''), text.replaceAll(/-----.*-----|\n/g, ''), ` ${text}\r\n`])
    expect(isP256PrivateKey(form)).toBe(true)
})

it.each([
  ['another curve', pem('ec', 'P-384')],
  ['another kind', pem('ed25519')],
  ['another form', pem('ec', 'P-256', 'sec1')],
  ['half of a key', pem('ec').slice(0, 120)],
  ['no key', 'x'],
  ['nothing', ''],
])('refuses %s', (_title, text) => {
  expect(isP256PrivateKey(text)).toBe(false)
})
