// The relying party of a pool's passkeys, and the pages that may use them. Pure.
// docs/reference/user-pools.md 11, docs/behaviour/passkeys.md; WebAuthn Level 3, sections 5.1.2 and 13.4.9.
import type { UserPoolSettings } from '../user-pools/pool-settings.ts'

/** The domain that passkeys are made for, and what is asked of them. */
export interface RelyingParty {
  /** A domain name, such as example.com: passkeys work on its pages and on those of its subdomains. */
  readonly id: string
  /** `required`: an authenticator that cannot verify its user is refused. */
  readonly userVerification: 'required' | 'preferred'
}

const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/
/** The last label of an IPv4 address; no domain ends in a number (URL Standard, 3.5). */
const NUMBER = /^\d+$/
const LOCALHOST = 'localhost'

/**
 * What is wrong with a relying party's id; undefined for a good one. Browsers refuse every public suffix; here those
 * without a dot are refused.
 */
export function relyingPartyIdProblem(id: string): string | undefined {
  if (id === LOCALHOST) return undefined
  const labels = id.split('.')
  if (!labels.every((label) => LABEL.test(label)) || NUMBER.test(labels.at(-1) as string))
    return `The relying party ID ${id} is not a domain name in lower case.`
  return labels.length < 2 ? `The relying party ID ${id} is a public suffix.` : undefined
}

/**
 * The relying party of a pool: the one that is configured, or else the host of PUBLIC_URL. Undefined when there is none,
 * as that host is an address. A loopback address is called localhost.
 */
export function relyingPartyOf(pool: UserPoolSettings, publicUrl: string): RelyingParty | undefined {
  const { RelyingPartyId, UserVerification } = pool.WebAuthnConfiguration ?? {}
  const id = RelyingPartyId ?? nameOfHost(new URL(publicUrl).hostname)
  if (relyingPartyIdProblem(id) !== undefined) return undefined
  // What stands for two factors proves two (docs/reference/user-pools.md 11).
  const required = UserVerification === 'required' || countsAsTwoFactors(pool)
  return { id, userVerification: required ? 'required' : 'preferred' }
}

const nameOfHost = (host: string): string => (host === '[::1]' || /^127\./.test(host) ? LOCALHOST : host)

/**
 * Whether a page of this origin may use the passkeys: it was loaded by TLS from the relying party's domain or a
 * subdomain. In development also without TLS from localhost, which browsers take for secure, too.
 */
export function isOriginAllowed(origin: string, { id }: RelyingParty, production: boolean): boolean {
  const url = URL.canParse(origin) ? new URL(origin) : undefined
  // One spelling: neither a path nor a default port.
  if (url?.origin !== origin) return false
  const within = (domain: string) => url.hostname === domain || url.hostname.endsWith(`.${domain}`)
  if (!within(id)) return false
  return url.protocol === 'https:' || (url.protocol === 'http:' && within(LOCALHOST) && !production)
}

/** Whether the pool lets users sign in with passkeys. */
export const allowsPasskeys = ({ Policies }: UserPoolSettings): boolean =>
  Policies?.SignInPolicy?.AllowedFirstAuthFactors?.includes('WEB_AUTHN') ?? false

/** Whether a passkey whose authenticator verified its user stands for two factors, for users who have turned that on. */
export const countsAsTwoFactors = ({ WebAuthnConfiguration }: UserPoolSettings): boolean =>
  WebAuthnConfiguration?.FactorConfiguration === 'MULTI_FACTOR_WITH_USER_VERIFICATION'
