// Budgets: how much may be sent and tried in an hour and a day, counted by who asks and by what it is about
// (docs/decisions/budgets.md). What is counted for a message is messages/message-budgets.ts, for a try at a code
// cognito-idp/codes/code-tries.ts. Every use is counted before it is carried out.
import type { AddressSet } from '../config/address-ranges.ts'
import type { Bound } from '../config/budget-rules.ts'
import type { Sealer } from '../crypto/seal.ts'
import type { Database } from '../database/database.ts'
import type { Clock } from '../effects/effects.ts'
import { clientNetwork, siteNetwork } from '../http/client-address.ts'
import { type CountedUse, takeUses } from './budget-store.ts'
import type { Reservations } from './reservations.ts'

/** One thing that is counted: its kind, what is told apart within the kind, and its bound. */
export interface Budget<Kind extends string = string> {
  readonly kind: Kind
  /** What the budget is of, such as a user pool and a country. It is stored as a MAC. */
  readonly of: readonly string[]
  readonly bound: Bound
}

export interface BudgetParts {
  readonly database: Pick<Database, 'db'>
  readonly sealer: Pick<Sealer, 'mac'>
  readonly clock: Clock
}

/** The text of LimitExceededException for every spent budget (docs/reference/user-pools.md 3.3). */
const SPENT_MESSAGE = 'Attempt limit exceeded, please try after some time.'

/**
 * Thrown when a budget is spent. The API answers LimitExceededException, or TooManyRequestsException where an operation
 * does not declare that one (api/pipeline.ts).
 */
export class BudgetSpent extends Error {
  /** What was to be done (`SMS`, `EMAIL`, `code`), and the kind of the budget. */
  readonly what: string
  readonly kind: string

  constructor(what: string, kind: string) {
    super(SPENT_MESSAGE)
    this.what = what
    this.kind = kind
  }
}

/**
 * Counts a use of a budget, or `uses` at once; undefined when it is spent. `what` keeps apart what is counted by the same
 * kinds.
 */
export function takeBudget(
  parts: BudgetParts,
  what: string,
  budget: Budget,
  uses = 1,
): Promise<CountedUse | undefined> {
  const { database, clock } = parts
  return takeUses(database.db, keyOf(parts, what, budget), uses, budget.bound, clock.now())
}

/** The same for a use that is never given back: false when the budget is spent. Most uses of large budgets write nothing. */
export function takeReserved(
  parts: BudgetParts & { readonly reservations: Reservations },
  what: string,
  budget: Budget,
): Promise<boolean> {
  return parts.reservations.take(keyOf(parts, what, budget), budget.bound)
}

const keyOf = ({ sealer }: BudgetParts, what: string, { kind, of }: Budget): string =>
  sealer.mac('budget', JSON.stringify([what, kind, ...of])).toString('base64url')

/**
 * The networks that a client's address counts as: itself or its /64, and of IPv6 its /48. Empty when the address is
 * unknown or has no limits (UNLIMITED_ADDRESSES). Whichever user pool it calls, an address has one budget.
 */
export function networksOf(
  { unlimitedAddresses }: { readonly unlimitedAddresses: AddressSet },
  address: string | undefined,
): { kind: 'address' | 'network'; of: readonly [string] }[] {
  if (address === undefined || unlimitedAddresses.has(address)) return []
  const site = siteNetwork(address)
  return [
    { kind: 'address', of: [clientNetwork(address)] },
    ...(site === undefined ? [] : [{ kind: 'network' as const, of: [site] as const }]),
  ]
}
