import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { srpVerifier, srpX } from '../../../test/srp-client.ts'
import { computeVerifier, computeX } from '../../crypto/srp.ts'
import { prime } from '../../crypto/srp-group.ts'
import { deviceSecret } from './device-secret.ts'

// docs/reference/user-pools.md 20.
const GROUP_KEY = '-AbCdEfGh'
const KEY = 'us-east-1_11111111-2222-3333-4444-555555555555'
const DEVICE_PASSWORD = 'ZGV2aWNlLXBhc3N3b3Jk'
const SALT = Buffer.from('0102030405060708090a0b0c0d0e0f10', 'hex')
const X = 'bb7536b91c69757b140ecf3c62d50dc5ee29e22e0ba150690a69a68b4bb4176c'
const PADDED_VERIFIER = '25f524beb7c1c0580632ece78288aeebfd06c036c66de90f3180134dcb4c17b9'

describe('the secret of a device', () => {
  it('is that of the reference', () => {
    expect(computeX(GROUP_KEY, KEY, DEVICE_PASSWORD, SALT).toString('hex')).toBe(X)
    const verifier = srpVerifier(srpX(GROUP_KEY, KEY, DEVICE_PASSWORD, BigInt(`0x${SALT.toString('hex')}`)))
    expect(createHash('sha256').update(verifier).digest('hex')).toBe(PADDED_VERIFIER)
    const read = deviceSecret({ Salt: SALT.toString('base64'), PasswordVerifier: verifier.toString('base64') })
    const own = computeVerifier(GROUP_KEY, KEY, DEVICE_PASSWORD, SALT)
    expect(read?.salt).toEqual(SALT)
    // The client's has a sign byte where the top bit is set.
    expect(BigInt(`0x${Buffer.from(read?.verifier ?? []).toString('hex')}`)).toBe(BigInt(`0x${own.toString('hex')}`))
  })

  const Salt = SALT.toString('base64')
  const bytes = (hex: string) => Buffer.from(hex, 'hex').toString('base64')
  const PasswordVerifier = bytes('00ab12')
  it.each([
    ['no configuration', undefined],
    ['no salt', { PasswordVerifier }],
    ['an empty salt', { Salt: '', PasswordVerifier }],
    ['a salt that is not base64', { Salt: '???', PasswordVerifier }],
    ['a salt that is too long', { Salt: bytes('ab'.repeat(65)), PasswordVerifier }],
    ['no verifier', { Salt }],
    ['a verifier that is not base64', { Salt, PasswordVerifier: 'ab1' }],
    ['0', { Salt, PasswordVerifier: bytes('00') }],
    ['1', { Salt, PasswordVerifier: bytes('01') }],
    ['N - 1', { Salt, PasswordVerifier: bytes((prime - 1n).toString(16)) }],
    ['N', { Salt, PasswordVerifier: bytes(prime.toString(16)) }],
    ['a verifier that is too long', { Salt, PasswordVerifier: bytes('00'.repeat(400)) }],
  ])('is refused: %s', (_, config) => {
    expect(deviceSecret(config)).toBeUndefined()
  })

  it('is read where all is well', () => {
    expect(deviceSecret({ Salt, PasswordVerifier })).toBeDefined()
  })
})
