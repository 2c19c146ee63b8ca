// Identity pools: trusted private identity providers, an external STS, and what guests may do.
import type { HostSet } from '../allowed-hosts.ts'
import { limits } from '../limits.ts'
import type { SettingsReader } from '../settings-reader.ts'

export interface IdentityPoolConfig {
  /** Beyond AWS's own, what guests may be allowed in the enhanced flow: patterns of actions. */
  readonly guestActions: readonly string[]
  /** Where roles are assumed, when not here. */
  readonly externalStsUrl: string | undefined
  /** Where identity providers may be fetched from although the address is private. */
  readonly allowedPrivateHosts: HostSet
}

export function readIdentityPools(read: SettingsReader): IdentityPoolConfig {
  const guestActions = read.list('GUEST_ACTIONS')
  if (
    !guestActions.every((action) => /^[\w-]+:[\w*?-]+$/.test(action)) ||
    guestActions.length > limits.guestActions.max
  )
    read.report(
      `GUEST_ACTIONS must be at most ${limits.guestActions.max} actions such as photos:View*, separated by commas.`,
    )
  return {
    guestActions,
    externalStsUrl: read.url('EXTERNAL_STS_URL', ['http:', 'https:']),
    allowedPrivateHosts: read.hosts('ALLOWED_PRIVATE_HOSTS'),
  }
}
