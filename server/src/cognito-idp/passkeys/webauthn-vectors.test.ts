// The published test vectors of WebAuthn Level 3 (section 16), through all that judges a passkey: those of the algorithms
// that are taken (docs/reference/user-pools.md 11.2) are registered and sign in, whatever attests them; the others, and
// those of pages within frames of others, are refused. Then each with one thing changed.
import { describe, expect, it } from 'vitest'
import { type Cbor, cbor } from '../../../test/authenticator.ts'
import { makeVector, RP_ID, type Vector, type VectorKind } from '../../../test/webauthn-vectors.ts'
import { clientDataFrom, credentialFrom, isAskedByPage } from './credential-rules.ts'
import type { RelyingParty } from './relying-party-rules.ts'
import { useRefusal } from './use-rules.ts'
import { verifyAssertion, verifyRegistration } from './verify-credential.ts'

const relyingParty: RelyingParty = { id: RP_ID, userVerification: 'preferred' }

/** `id` and `signature`: how what is published begins, and ends. */
interface Published extends VectorKind {
  readonly id: string
  readonly signature: string
}

const taken: readonly Published[] = [
  {
    name: 'none.ES256',
    algorithm: 'ES256',
    format: 'none',
    id: 'f91f391db4c9b2fd',
    signature: '013f937295ea13653e331e87',
  },
  {
    name: 'packed-self.ES256',
    algorithm: 'ES256',
    format: 'packed-self',
    id: '455ef34e2043a87d',
    signature: '3ef584b3b6b825ea3550251b66',
  },
  {
    name: 'none.ES256.long-credential-id',
    algorithm: 'ES256',
    format: 'none',
    idLength: 1023,
    id: '3a761a4e1674ad6c',
    signature: 'dca13a4125ce6f5052a75bac9fb6',
  },
  {
    name: 'packed.ES256',
    algorithm: 'ES256',
    format: 'packed',
    id: 'c9a6f5b3462d0287',
    signature: '49a64018314f9bfccda163',
  },
  {
    name: 'packed.RS256',
    algorithm: 'RS256',
    format: 'packed',
    id: '992a18acc83f6753',
    signature: '612cdc6dd398160ff02a6',
  },
  { name: 'tpm.ES256', algorithm: 'ES256', format: 'tpm', id: 'ec27bec7521c894b', signature: '9f66f942601bed9b38' },
  {
    name: 'android-key.ES256',
    algorithm: 'ES256',
    format: 'android-key',
    id: '0a4729519788b6ed',
    signature: 'c92708ff2f3d1de765a8f',
  },
  {
    name: 'apple.ES256',
    algorithm: 'ES256',
    format: 'apple',
    id: '9c4a5886af9283d9',
    signature: 'ddac07eec95863e7fc4c',
  },
  {
    name: 'fido-u2f.ES256',
    algorithm: 'ES256',
    format: 'fido-u2f',
    id: 'a4ba6e2d2cfec436',
    signature: 'e5c128b5e28e6926dd7',
  },
]
const ofFrames: readonly Published[] = [
  {
    name: 'none.ES256.crossOrigin',
    algorithm: 'ES256',
    format: 'none',
    crossOrigin: true,
    id: '6e1050c0d2ca2f07',
    signature: '544e609c0733b1184036d1cf',
  },
  {
    name: 'none.ES256.topOrigin',
    algorithm: 'ES256',
    format: 'none',
    crossOrigin: true,
    topOrigin: true,
    id: 'b8ad59b996047ab1',
    signature: '0bd2faa6c1d02c6e5c171',
  },
]
const otherAlgorithms: readonly Published[] = [
  {
    name: 'packed.ES384',
    algorithm: 'ES384',
    format: 'packed',
    id: '953ae2dd9f28b1a1',
    signature: '9ab324130e6f0692db',
  },
  {
    name: 'packed.ES512',
    algorithm: 'ES512',
    format: 'packed',
    challengeLength: 128,
    id: 'd17d5af7e3f37c56',
    signature: '162dc9494136c9f6',
  },
  { name: 'packed.EdDSA', algorithm: 'EdDSA', format: 'packed', id: 'ce9f840ed9659958', signature: 'dc0d453993dae00b' },
]

/** The same vectors without what is published of them. */
const published = (rows: readonly Published[]) =>
  rows.map(({ id, signature, ...kind }) => ({ name: kind.name, id, signature, vector: makeVector(kind) }))

type Bytes = Readonly<Record<string, Buffer>>

/** A credential as a browser hands it over, and what was said of its page. */
function handedOver({ credentialId }: Vector, response: Bytes) {
  const id = credentialId.toString('base64url')
  const texts = Object.entries(response).map(([name, bytes]) => [name, bytes.toString('base64url')])
  const json = { id, rawId: id, type: 'public-key', clientExtensionResults: {}, response: Object.fromEntries(texts) }
  const members = Object.keys(response).filter((name) => name !== 'clientDataJSON')
  const credential = credentialFrom(json, members)
  const data = credential && clientDataFrom(credential.clientDataJSON)
  if (!credential || !data) throw new Error('This is no credential.')
  return { credential, data }
}

const register = (vector: Vector, changed: Partial<Bytes> = {}, at = relyingParty) => {
  const { clientDataJSON, attestationObject } = vector.registration
  const { credential, data } = handedOver(vector, { clientDataJSON, attestationObject, ...(changed as Bytes) })
  return verifyRegistration(credential, data, at)
}

const use = (vector: Vector, changed: Partial<Bytes> = {}, at = relyingParty) => {
  const { clientDataJSON, authenticatorData, signature } = vector.authentication
  const given = { clientDataJSON, authenticatorData, signature, ...(changed as Bytes) }
  const { credential, data } = handedOver(vector, given)
  const passkey = { id: credential.id, publicKey: vector.coseKey.toString('base64url') }
  return verifyAssertion(credential, data, at, passkey)
}

const isSet = (flags: number, bit: number): boolean => (flags & bit) !== 0
const flagsOf = (authenticatorData: Buffer) => authenticatorData[32] as number

describe.each(published([...taken, ...ofFrames, ...otherAlgorithms]))('$name', ({ id, signature, vector }) => {
  it('is the published vector', () => {
    expect(vector.credentialId.toString('hex').startsWith(id)).toBe(true)
    expect(vector.authentication.signature.toString('hex').endsWith(signature)).toBe(true)
  })
})

describe.each(published([...taken, ...ofFrames]))('$name', ({ vector }) => {
  it('is registered with what it says of itself', async () => {
    const { flags } = vector.registration
    expect(await register(vector)).toEqual({
      id: vector.credentialId.toString('base64url'),
      publicKey: vector.coseKey.toString('base64url'),
      counter: 0,
      userVerified: isSet(flags, 0x04),
      backupEligible: isSet(flags, 0x08),
      backedUp: isSet(flags, 0x10),
      aaguid: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
    })
  })
})

describe.each(published(taken))('$name', ({ vector }) => {
  it('signs in', async () => {
    const flags = flagsOf(vector.authentication.authenticatorData)
    const seen = await use(vector)
    expect(seen).toEqual({
      counter: 0,
      userVerified: isSet(flags, 0x04),
      backupEligible: isSet(flags, 0x08),
      backedUp: isSet(flags, 0x10),
    })
    const known = await register(vector)
    if (typeof known === 'string' || !seen) throw new Error('It is not taken.')
    expect(useRefusal({ ...known, userHandle: 'user' }, seen, undefined)).toBeUndefined()
  })
})

it.each(published(ofFrames))('$name is of a page in a frame of another, and refused', ({ vector }) => {
  const { clientDataJSON, attestationObject } = vector.registration
  const { data } = handedOver(vector, { clientDataJSON, attestationObject })
  expect(isAskedByPage(data, relyingParty, true)).toBe(false)
  expect(isAskedByPage({ ...data, crossOrigin: false }, relyingParty, true)).toBe(true)
})

it.each(published(otherAlgorithms))('$name is of an algorithm that is not taken', async ({ vector }) => {
  expect(await register(vector)).toBe('unsupported')
})

describe.each(published(taken))('$name with one thing changed', ({ vector }) => {
  const { registration, authentication } = vector
  /** A byte of the authenticator data changed, in the attestation: it begins with the hash of the relying party. */
  const attested = (at: number, change: (byte: number) => number): Buffer => {
    const changed = Buffer.from(registration.attestationObject)
    const start = changed.indexOf(authentication.authenticatorData.subarray(0, 32))
    changed[start + at] = change(changed[start + at] as number)
    return changed
  }
  const signed = (at: number, change: (byte: number) => number): Buffer => {
    const changed = Buffer.from(authentication.authenticatorData)
    changed[at] = change(changed[at] as number)
    return changed
  }

  it('is not registered for another relying party', async () => {
    expect(await register(vector, {}, { ...relyingParty, id: 'sub.example.org' })).toBe('other-relying-party')
    expect(await register(vector, { attestationObject: attested(0, (byte) => byte ^ 1) })).toBe('other-relying-party')
  })

  it('is not registered without its user, nor where its user must be verified and was not', async () => {
    expect(await register(vector, { attestationObject: attested(32, (flags) => flags & ~0x01) })).toBe('malformed')
    const strict: RelyingParty = { ...relyingParty, userVerification: 'required' }
    const unverified = attested(32, (flags) => flags & ~0x04)
    expect(await register(vector, { attestationObject: unverified }, strict)).not.toMatchObject({ counter: 0 })
    const verified = await register(vector, { attestationObject: attested(32, (flags) => flags | 0x04) }, strict)
    expect(verified).toMatchObject({ userVerified: true })
  })

  it('is not registered as backed up where it cannot be', async () => {
    const impossible = attested(32, (flags) => (flags & ~0x08) | 0x10)
    expect(await register(vector, { attestationObject: impossible })).toBe('malformed')
  })

  it('is not registered cut short, wherever, nor with more after it', async () => {
    const { attestationObject } = registration
    const length = attestationObject.length
    for (const kept of [1, 2, 8, 20, 40, length - 40, length - 20, length - 8, length - 2, length - 1])
      expect(await register(vector, { attestationObject: attestationObject.subarray(0, kept) })).toBe('malformed')
    const longer = Buffer.concat([attestationObject, Buffer.from([0])])
    expect(await register(vector, { attestationObject: longer })).toBe('malformed')
  })

  it('is not registered with a key that is cut short in a whole attestation', async () => {
    const { attestationObject } = registration
    const start = attestationObject.indexOf(authentication.authenticatorData.subarray(0, 32))
    const authData = attestationObject.subarray(start)
    for (const missing of [1, 2, 20]) {
      const whole = cbor(
        new Map<string, Cbor>([
          ['fmt', 'none'],
          ['attStmt', new Map()],
          ['authData', authData.subarray(0, -missing)],
        ]),
      )
      expect(await register(vector, { attestationObject: whole })).toMatch(/^(malformed|unsupported)$/)
    }
  })

  it('does not sign in for another relying party, another challenge or page, or with other data', async () => {
    expect(await use(vector)).toBeDefined()
    expect(await use(vector, {}, { ...relyingParty, id: 'example.com' })).toBeUndefined()
    const data = authentication.clientDataJSON.toString()
    const challenge = authentication.challenge.toString('base64url')
    for (const other of [
      data.replace(challenge, registration.challenge.toString('base64url')),
      data.replace('https://example.org', 'https://example.com'),
      data.replace('webauthn.get', 'webauthn.create'),
    ]) {
      expect(other).not.toBe(data)
      expect(await use(vector, { clientDataJSON: Buffer.from(other) })).toBeUndefined()
    }
    for (const at of [0, 32, 36])
      expect(await use(vector, { authenticatorData: signed(at, (byte) => byte ^ 0x04) })).toBeUndefined()
    for (const kept of [1, 31, 32, 36])
      expect(
        await use(vector, { authenticatorData: authentication.authenticatorData.subarray(0, kept) }),
      ).toBeUndefined()
  })

  it('does not sign in by another signature', async () => {
    const { signature } = authentication
    const changed = Buffer.from(signature)
    changed[changed.length - 1] = (changed.at(-1) as number) ^ 1
    for (const other of [changed, signature.subarray(0, -1)])
      expect(await use(vector, { signature: other })).toBeUndefined()
  })

  it('does not sign in where its user must be verified and was not', async () => {
    const strict: RelyingParty = { ...relyingParty, userVerification: 'required' }
    const verified = isSet(flagsOf(authentication.authenticatorData), 0x04)
    expect((await use(vector, {}, strict)) !== undefined).toBe(verified)
  })
})
