// Encrypts assertions as identity providers do (XML Encryption 1.1), by hand, so that a test can make each step wrong.
import { constants, createCipheriv, type KeyObject, publicEncrypt, randomBytes } from 'node:crypto'

const X = 'http://www.w3.org/2001/04/xmlenc#'
const X11 = 'http://www.w3.org/2009/xmlenc11#'
const DS = 'http://www.w3.org/2000/09/xmldsig#'

export interface EncryptOptions {
  /** AES-256 in GCM when left out. */
  cipher?: 'aes-128-gcm' | 'aes-256-gcm' | 'aes-128-cbc' | 'aes-256-cbc'
  dataAlgorithm?: string
  /** EncryptionMethod of the key, as XML. */
  keyMethod?: string
  padding?: number
  oaepHash?: string
  /** Beside EncryptedData, instead of within its KeyInfo. */
  keyBeside?: boolean
  editCiphertext?: (bytes: Buffer) => Buffer
  editWrapped?: (bytes: Buffer) => Buffer
  edit?: (xml: string) => string
}

export const oaep = (hash = '', mask = ''): string =>
  `<xenc:EncryptionMethod Algorithm="${mask === '' ? `${X}rsa-oaep-mgf1p` : `${X11}rsa-oaep`}">${hash === '' ? '' : `<ds:DigestMethod Algorithm="${hash}"/>`}${mask === '' ? '' : `<xenc11:MGF xmlns:xenc11="${X11}" Algorithm="${X11}${mask}"/>`}</xenc:EncryptionMethod>`

/** An EncryptedAssertion of this text. */
export function encryptedAssertion(xml: string, key: KeyObject, options: EncryptOptions = {}): string {
  const { cipher = 'aes-256-gcm', oaepHash = 'sha1', padding = constants.RSA_PKCS1_OAEP_PADDING } = options
  const isGcm = cipher.endsWith('gcm')
  const secret = randomBytes(cipher.includes('256') ? 32 : 16)
  const iv = randomBytes(isGcm ? 12 : 16)
  const sealing = createCipheriv(cipher, secret, iv) as ReturnType<typeof createCipheriv> & { getAuthTag(): Buffer }
  const ciphertext = Buffer.concat([iv, sealing.update(xml), sealing.final(), ...(isGcm ? [sealing.getAuthTag()] : [])])
  const wrapped = publicEncrypt({ key, padding, oaepHash }, secret)
  const dataAlgorithm = options.dataAlgorithm ?? `${isGcm ? X11 : X}${cipher.replace('aes-', 'aes')}`
  const value = (bytes: Buffer): string =>
    `<xenc:CipherData><xenc:CipherValue>${bytes.toString('base64')}</xenc:CipherValue></xenc:CipherData>`
  const encryptedKey = `<xenc:EncryptedKey>${options.keyMethod ?? oaep()}${value(options.editWrapped?.(wrapped) ?? wrapped)}</xenc:EncryptedKey>`
  const information = options.keyBeside
    ? `<ds:KeyInfo><ds:RetrievalMethod URI="#key"/></ds:KeyInfo>`
    : `<ds:KeyInfo>${encryptedKey}</ds:KeyInfo>`
  const text = `<saml:EncryptedAssertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" xmlns:xenc="${X}" xmlns:ds="${DS}"><xenc:EncryptedData Type="${X}Element"><xenc:EncryptionMethod Algorithm="${dataAlgorithm}"/>${information}${value(options.editCiphertext?.(ciphertext) ?? ciphertext)}</xenc:EncryptedData>${options.keyBeside ? encryptedKey : ''}</saml:EncryptedAssertion>`
  return options.edit?.(text) ?? text
}
