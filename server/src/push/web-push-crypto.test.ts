import { createPublicKey } from 'node:crypto'
import { jwtVerify } from 'jose'
import { expect, it } from 'vitest'
import { encryptForBrowser, vapidHeader } from './web-push-crypto.ts'

const bytes = (text: string): Buffer => Buffer.from(text, 'base64url')

// RFC 8291, section 5 and appendix A.
const example = {
  text: 'When I grow up, I want to be a watermelon',
  sender: bytes('yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw'),
  senderPublic: 'BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8',
  publicKey: bytes('BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4'),
  auth: bytes('BTBZMqHH6r4Tts7J_aSIgg'),
  salt: bytes('DGv6ra1nlYgDCS1FRnbzlw'),
  body: 'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN',
}

it('a message is encrypted as in the example of RFC 8291', () => {
  const { publicKey, auth, sender, salt, text, body } = example
  expect(encryptForBrowser({ publicKey, auth }, Buffer.from(text), { sender, salt }).toString('base64url')).toBe(body)
  // Keys and salt are fresh for each message.
  expect(encryptForBrowser({ publicKey, auth }, Buffer.from(text)).toString('base64url')).not.toBe(
    encryptForBrowser({ publicKey, auth }, Buffer.from(text)).toString('base64url'),
  )
})

it('the application server proves who it is to the push service, and to no other (RFC 8292)', async () => {
  const place = {
    way: 'webpush',
    contact: 'mailto:ops@example.com',
    publicKey: example.senderPublic,
    privateKey: example.sender.toString('base64url'),
    hosts: ['*'],
  } as const
  const now = Date.now()
  const header = vapidHeader(place, 'https://push.example:8443/sub/1', now)
  const [, token, key] = /^vapid t=([\w.-]+), k=([\w-]+)$/.exec(header) ?? []
  expect(key).toBe(example.senderPublic)
  const point = bytes(example.senderPublic)
  const publicKey = createPublicKey({
    key: {
      kty: 'EC',
      crv: 'P-256',
      x: point.subarray(1, 33).toString('base64url'),
      y: point.subarray(33).toString('base64url'),
    },
    format: 'jwk',
  })
  const { payload } = await jwtVerify(token as string, publicKey, { audience: 'https://push.example:8443' })
  expect(payload).toEqual({
    aud: 'https://push.example:8443',
    exp: Math.floor(now / 1000) + 12 * 60 * 60,
    sub: 'mailto:ops@example.com',
  })
})
