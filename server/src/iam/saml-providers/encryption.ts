// Encrypted assertions of a SAML provider: whether they are demanded, and the private keys that open them, which the
// administrator brings along. Not here: how an assertion is opened (saml/decrypt.ts).
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import type { Context } from '../../context.ts'
import { rsaProblem } from '../../crypto/rsa-keys.ts'
import type { Sealer } from '../../crypto/seal.ts'
import { ApiError } from '../../errors.ts'
import type { Encryption } from '../../saml/response.ts'
import type { SamlPrivateKey, SamlProviderSettings } from '../entity-types.ts'
import { quotaExceededError } from '../iam-errors.ts'
import { newSamlKeyId } from '../ids.ts'
import { samlQuotas } from '../limits.ts'

type Encrypting = Pick<SamlProviderSettings, 'encryption' | 'privateKeys'>

const PURPOSE = 'private key of a saml provider'
const MIN_BITS = 2048

const invalidInputError = (message: string): ApiError => new ApiError('InvalidInputException', message)

/** A key from the PEM text of a request, sealed. Throws InvalidInput for anything but a sound RSA key in the clear. */
export function newPrivateKey(
  { sealer, random, clock }: Pick<Context, 'sealer' | 'random' | 'clock'>,
  pem: string,
): SamlPrivateKey {
  const key = readKey(pem)
  const id = newSamlKeyId(random)
  const der = key.export({ format: 'der', type: 'pkcs8' })
  return { id, addedAt: clock.now(), sealed: sealer.seal(PURPOSE, der, id) }
}

function readKey(pem: string): KeyObject {
  let key: KeyObject
  try {
    key = createPrivateKey(pem)
  } catch {
    throw invalidInputError('AddPrivateKey must be a private key in PEM format, without a passphrase.')
  }
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0
  if (key.asymmetricKeyType !== 'rsa' || bits < MIN_BITS)
    throw invalidInputError(`AddPrivateKey must be an RSA key of ${MIN_BITS} bits or more.`)
  const problem = rsaProblem(createPublicKey(key))
  if (problem !== undefined) throw invalidInputError(`AddPrivateKey is unsafe: the key ${problem}.`)
  return key
}

/** The same settings. Throws InvalidInput when encryption is demanded and there is no key to open it. */
export function requireKeyWhereNeeded<Settings extends Encrypting>(settings: Settings): Settings {
  if (settings.encryption === 'Required' && (settings.privateKeys ?? []).length === 0)
    throw invalidInputError('AssertionEncryptionMode Required needs a private key.')
  return settings
}

/**
 * The settings after an update: the key with the id `removed` goes before `added` comes. Throws InvalidInput, and
 * LimitExceeded for a third key.
 */
export function changedEncryption(
  settings: Encrypting,
  change: {
    mode: 'Required' | 'Allowed' | undefined
    added: SamlPrivateKey | undefined
    removed: string | undefined
  },
): Encrypting {
  const { mode = settings.encryption, added, removed } = change
  const keys = settings.privateKeys ?? []
  if (removed !== undefined && !keys.some(({ id }) => id === removed))
    throw invalidInputError(`RemovePrivateKey is not the id of a private key of this provider: ${removed}.`)
  const privateKeys = [...keys.filter(({ id }) => id !== removed), ...(added ? [added] : [])]
  if (privateKeys.length > samlQuotas.privateKeys.max) throw quotaExceededError(samlQuotas.privateKeys)
  return requireKeyWhereNeeded({ encryption: mode === 'Required' ? mode : undefined, privateKeys })
}

/** How assertions of a provider are read; undefined when it has no keys, so that none may be encrypted. */
export function encryptionOf(
  { sealer }: { sealer: Sealer },
  { encryption, privateKeys = [] }: Encrypting,
): Encryption | undefined {
  if (privateKeys.length === 0) return undefined
  const keys = privateKeys.map(({ id, sealed }) => {
    const key = sealer.open(PURPOSE, sealed, id)
    if (!key) throw new Error(`The private key ${id} of a SAML provider does not open: is its master key missing?`)
    return createPrivateKey({ key, format: 'der', type: 'pkcs8' })
  })
  return { keys, required: encryption === 'Required' }
}
