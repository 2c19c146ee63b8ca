// The certificate and the key of TLS: read from their files, and checked to belong together.
import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import type { TlsFiles } from './groups/network.ts'

export interface TlsMaterial {
  readonly cert: string
  readonly key: string
}

/** Throws the system's error for a file that cannot be read, and OpenSSL's for a certificate and a key that do not fit. */
export function readTlsFiles({ cert, key }: TlsFiles): TlsMaterial {
  const material = { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') }
  createSecureContext(material)
  return material
}

/** Why TLS cannot be spoken with these files; undefined when it can. */
export function tlsProblem(files: TlsFiles): string | undefined {
  try {
    readTlsFiles(files)
    return undefined
  } catch (error) {
    return `TLS_CERT_FILE and TLS_KEY_FILE must be a certificate and its private key in PEM: ${(error as Error).message}.`
  }
}
