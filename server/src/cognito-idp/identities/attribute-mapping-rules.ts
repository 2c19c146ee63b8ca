// What a sign-in by an external provider makes of the attributes of a user. Pure; its cases are the test beside it.
// docs/reference/oauth-and-federation.md 19.3, 29.
import { isContact } from '../../messages/delivery-rules.ts'
import { mayWrite } from '../user-pool-clients/attribute-permission-rules.ts'
import type { UserPoolClientSettings } from '../user-pool-clients/client-store.ts'
import type { UserPoolSettings } from '../user-pools/pool-settings.ts'
import {
  type Attributes,
  attributeProblem,
  immutableProblem,
  mergeAttributes,
  missingRequiredProblem,
} from '../users/attribute-rules.ts'

/** In mappings: the user's id at the provider, which is no attribute. SAML has no such mapping. */
const USERNAME = 'username'

/** The pool's attributes that a mapping fills from claims. Claims that are absent or empty fill none. */
export function mappedAttributes(
  mapping: Readonly<Record<string, string>>,
  claims: Attributes,
  type: string,
): Record<string, string> {
  const filled = Object.entries(mapping).flatMap(([attribute, claim]) => {
    const value = Object.hasOwn(claims, claim) ? claims[claim] : undefined
    return value && (attribute !== USERNAME || type === 'SAML') ? [[attribute, value]] : []
  })
  return Object.fromEntries(filled)
}

export interface Written {
  readonly attributes: Attributes
  /** Mapped attributes that the app client may not write, and so stay as they are. */
  readonly skipped: readonly string[]
}

/** The attributes of a user (`current`; undefined for a new one) after a sign-in, or why it fails. */
export function writeMapped(
  settings: UserPoolSettings,
  client: UserPoolClientSettings,
  current: Attributes | undefined,
  mapped: Attributes,
): Written | { problem: string } {
  const isAllowed = (name: string): boolean => isFlag(name) || mayWrite(client, name)
  const written: Record<string, string> = Object.fromEntries(Object.entries(mapped).filter(([name]) => isAllowed(name)))
  for (const contact of ['email', 'phone_number']) {
    const flag = `${contact}_verified`
    // The provider's word is about its own address, not about another one that the user has here.
    if (written[flag] !== undefined && written[contact] === undefined) delete written[flag]
    if (written[contact] !== undefined && written[contact] !== current?.[contact]) written[flag] ??= 'false'
  }
  const changed = Object.fromEntries(Object.entries(written).filter(([name, value]) => value !== current?.[name]))
  const attributes = mergeAttributes(current ?? {}, written)
  const problem =
    attributeProblem(settings, written, 'user') ??
    (current && immutableProblem(settings, current, changed)) ??
    missingRequiredProblem(settings, attributes)
  if (problem !== undefined) return { problem: `Invalid user attributes: ${plain(problem)}` }
  return { attributes, skipped: Object.keys(mapped).filter((name) => !isAllowed(name)) }
}

const isFlag = (name: string): boolean => name.endsWith('_verified') && isContact(name.slice(0, -'_verified'.length))

/** A problem of attributes on one line, without the words of other operations before it. */
const plain = (problem: string): string =>
  problem
    .replace('Attributes did not conform to the schema: ', '')
    .replace(/^user\./gm, '')
    .trim()
    .replaceAll('\n', ', ')
