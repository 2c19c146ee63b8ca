// The issuer of an OIDC provider, which IAM stores by host and path alone.
import { isLoopbackName } from '../../effects/address-kinds.ts'
import { claimedIssuer } from './verify-token.ts'

/**
 * The issuer that a token of the provider has to name: `https://` and host and path, or `http://` when the token says
 * so and the host is a loopback address.
 */
export function providerIssuer(hostAndPath: string, token: string): string {
  const secure = `https://${hostAndPath}`
  const plain = `http://${hostAndPath}`
  return claimedIssuer(token) === plain && isLoopbackName(new URL(plain).hostname) ? plain : secure
}
