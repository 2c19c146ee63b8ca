// The issuer of an OIDC provider that IAM knows by host and path alone.
import { isLoopbackName } from '../../effects/address-kinds.ts'
import { claimedIssuer } from './verify-token.ts'

/**
 * The issuer that a token of the provider may name: `https://` and its name, on this machine `http://` as well. It is the
 * token's own where that is one of them, so that verifying goes on with it.
 */
export function providerIssuer(hostAndPath: string, token: string): string {
  const secure = `https://${hostAndPath}`
  const plain = `http://${hostAndPath}`
  return claimedIssuer(token) === plain && isLoopbackName(new URL(plain).hostname) ? plain : secure
}
