// Which budgets a message counts against, the first to refuse first. Pure. docs/decisions/budgets.md.
import type { Budget } from '../budgets/budgets.ts'
import type { KindOf } from '../config/budget-rules.ts'
import { countryOf } from '../config/calling-code-rules.ts'
import type { BudgetConfig } from '../config/groups/budgets.ts'
import type { OutgoingMessage } from './outbox.ts'

export type MessageBudgetKind = KindOf<'SMS_BUDGETS' | 'EMAIL_BUDGETS'>

/** Budgets that depend on whom the message is for. What they refuse would tell something about the user. */
const aboutDestination: ReadonlySet<string> = new Set<MessageBudgetKind>(['country', 'prefix', 'destination'])

/** Whether a spent budget of this kind must be hidden where it is hidden who exists. */
export const tellsOfUser = (kind: string): boolean => aboutDestination.has(kind)

export interface CountedMessage extends Pick<OutgoingMessage, 'medium' | 'userPoolId'> {
  /**
   * Where it goes. For a message that is only simulated, the subject of its user, so that it shares the budgets of
   * nobody.
   */
  readonly destination: { readonly to: string } | { readonly nobody: string }
  /**
   * Whether the user has proven that the destination is theirs. Messages to proven ones have budgets of their own within
   * the pool, so that strangers' sign-ups cannot keep users from resetting a password.
   */
  readonly proven: boolean
}

/**
 * The budgets of a message; `networks`: those of the client's address (`networksOf`). What does not depend on the user
 * comes first: it is counted the same whoever exists.
 */
export function messageBudgets(
  config: Pick<BudgetConfig, 'smsBudgets' | 'emailBudgets'>,
  networks: readonly Pick<Budget<'address' | 'network'>, 'kind' | 'of'>[],
  { medium, userPoolId, destination, proven }: CountedMessage,
): Budget<MessageBudgetKind>[] {
  const pool = [userPoolId, proven ? 'proven' : 'unproven']
  const names = 'to' in destination ? namesOf(medium, destination.to) : namesOfNobody(medium, destination.nobody)
  const bounds = medium === 'SMS' ? config.smsBudgets : config.emailBudgets
  return [
    ...networks.map((network) => ({ ...network, bound: bounds[network.kind] })),
    { kind: 'pool', of: pool, bound: bounds.pool },
    ...names.map(([kind, name]) => ({ kind, of: [...pool, name], bound: { ...config.smsBudgets, ...bounds }[kind] })),
  ]
}

type Named = [kind: 'country' | 'prefix' | 'destination', name: string]

const namesOf = (medium: OutgoingMessage['medium'], to: string): Named[] =>
  medium === 'EMAIL'
    ? [['destination', mailboxOf(to)]]
    : [
        ['country', countryOf(to) ?? ''],
        ['prefix', to.slice(0, -4)],
        ['destination', to],
      ]

const namesOfNobody = (medium: OutgoingMessage['medium'], nobody: string): Named[] =>
  namesOf(medium, '').map(([kind]) => [kind, nobody])

/**
 * The mailbox that an e-mail address names: without case, and without what follows a `+` (RFC 5233), as most providers
 * deliver `victim+1@…` to `victim@…`. Gmail passes over dots, too, and has two domains.
 */
export function mailboxOf(address: string): string {
  const at = address.lastIndexOf('@')
  const local = address.slice(0, at).toLowerCase()
  const domain = address
    .slice(at + 1)
    .toLowerCase()
    .replace(/\.$/, '')
  const plus = local.indexOf('+')
  const name = plus > 0 ? local.slice(0, plus) : local
  return /^(gmail|googlemail)\.com$/.test(domain) ? `${name.replaceAll('.', '')}@gmail.com` : `${name}@${domain}`
}
