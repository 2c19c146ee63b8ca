// Which URLs an identity provider may have. Pure. The web client checks again, with the addresses that a name has.
import { isLoopbackName } from '../../effects/address-kinds.ts'

/**
 * Whether a text is an https URL without credentials, or, where the server does not run in production, an http URL of this
 * machine: for providers of tests (docs/reference/oauth-and-federation.md 20).
 */
export function isUpstreamUrl(text: string, { production }: { production: boolean }): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname, username, password } = new URL(text)
  if (username !== '' || password !== '') return false
  return protocol === 'https:' || (protocol === 'http:' && !production && isLoopbackName(hostname))
}
