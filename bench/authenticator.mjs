// An authenticator in software (WebAuthn Level 3) for a load generator: one ES256 key, attestation `none`, a counter.
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto'

export const RELYING_PARTY = 'bench.example.org'
const FLAGS = { present: 1, verified: 4, attested: 64 }
const sha256 = (bytes) => createHash('sha256').update(bytes).digest()
const relyingPartyHash = sha256(RELYING_PARTY)
const base64url = (bytes) => Buffer.from(bytes).toString('base64url')

/** `create` and `get` of a browser: the options that the service sent to the JSON of a credential. */
export function createAuthenticator() {
  const id = randomBytes(32)
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  let counter = 0

  const authData = (flags, ...more) => {
    const counted = Buffer.alloc(4)
    counted.writeUInt32BE(counter)
    return Buffer.concat([relyingPartyHash, Buffer.from([FLAGS.present | FLAGS.verified | flags]), counted, ...more])
  }
  const clientData = (type, challenge) =>
    Buffer.from(JSON.stringify({ type, challenge, origin: `https://${RELYING_PARTY}`, crossOrigin: false }))
  const credential = (response) => ({
    id: base64url(id),
    rawId: base64url(id),
    type: 'public-key',
    clientExtensionResults: {},
    response,
  })

  return {
    create({ challenge }) {
      const attested = authData(FLAGS.attested, Buffer.alloc(16), Buffer.from([0, id.length]), id, coseKey(publicKey))
      return credential({
        clientDataJSON: base64url(clientData('webauthn.create', challenge)),
        attestationObject: base64url(attestationObject(attested)),
        transports: ['internal'],
      })
    },
    get({ challenge }) {
      counter++
      const shown = authData(0)
      const data = clientData('webauthn.get', challenge)
      return credential({
        clientDataJSON: base64url(data),
        authenticatorData: base64url(shown),
        signature: base64url(sign('sha256', Buffer.concat([shown, sha256(data)]), privateKey)),
      })
    },
  }
}

/** COSE_Key (RFC 9053 7.1) of an ES256 key: CBOR {1: 2, 3: -7, -1: 1, -2: x, -3: y}. */
function coseKey(key) {
  const { x, y } = key.export({ format: 'jwk' })
  const bytes = (text) => Buffer.from(text, 'base64url')
  return Buffer.concat([Buffer.from('a5010203262001215820', 'hex'), bytes(x), Buffer.from('225820', 'hex'), bytes(y)])
}

/** CBOR {"fmt": "none", "attStmt": {}, "authData": data}, of less than 256 bytes. */
const attestationObject = (data) =>
  Buffer.concat([
    Buffer.from('a363666d74646e6f6e656761747453746d74a068', 'hex'),
    Buffer.from('authData'),
    Buffer.from([0x58, data.length]),
    data,
  ])
