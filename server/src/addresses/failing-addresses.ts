// Addresses from which sign-ins fail at many names in a day: somebody tries passwords at many users there, each of whom sees
// too few failures to be locked (docs/reference/threats.md 5). Counters are shared by all processes; each count tells what
// the sum is by now, so that a sign-in that succeeds asks nothing of the database.
import { type BudgetParts, networksOf, takeBudget } from '../budgets/budgets.ts'
import type { Config } from '../config/config.ts'
import { limits } from './limits.ts'

export interface FailingAddresses {
  /** Counts a sign-in that failed at a name of a user pool, whoever has the name. */
  count(address: string | undefined, userPoolId: string, name: string): Promise<void>
  /** Whether sign-ins from there have failed at too many names today, as far as this process has counted. */
  has(address: string | undefined): boolean
}

const DAY_MS = 24 * 60 * 60 * 1000
const WHAT = 'failed name'

export function createFailingAddresses(
  parts: BudgetParts,
  config: Pick<Config, 'unlimitedAddresses'>,
): FailingAddresses {
  let day = 0
  const failing = new Set<string>()
  const networkOf = (address: string | undefined): string | undefined => networksOf(config, address)[0]?.of[0]
  const known = (): Set<string> => {
    const today = Math.floor(parts.clock.now() / DAY_MS)
    if (today !== day || failing.size >= limits.failingAddresses.max) failing.clear()
    day = today
    return failing
  }
  return {
    has: (address) => {
      const network = networkOf(address)
      return network !== undefined && known().has(network)
    },
    async count(address, userPoolId, name) {
      const network = networkOf(address)
      if (network === undefined || known().has(network)) return
      const once = { kind: 'name', of: [network, userPoolId, name], bound: { hour: 0, day: 1 } }
      if (!(await takeBudget(parts, WHAT, once))) return
      const names = { kind: 'address', of: [network], bound: { hour: 0, day: limits.namesFailed.max } }
      if (!(await takeBudget(parts, WHAT, names))) known().add(network)
    },
  }
}
