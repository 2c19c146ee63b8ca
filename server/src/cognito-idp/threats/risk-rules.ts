// The risk of a sign-in, judged by what its user did before. Pure. The weights are ours: the service's are not known
// (docs/behaviour/threat-protection.md).
import type {
  AccountTakeoverEventActionType,
  AccountTakeoverRiskConfigurationType,
  RiskLevelType,
} from '../../contract/cognito-idp.types.ts'
import { limits } from '../limits.ts'
import type { AuthEvent, EventPlace } from './event-rules.ts'
import { speedBetween } from './travel-rules.ts'

export interface Judged extends EventPlace {
  /** Epoch milliseconds. */
  readonly at: number
  /** A device that the user has confirmed has proved itself. */
  readonly knownDevice: boolean
  /** The address is one of BAD_ADDRESSES_FILE. */
  readonly knownBad: boolean
  /** Sign-ins from the address have failed at many names today. */
  readonly failing: boolean
}

export interface Risk {
  readonly level?: RiskLevelType
  readonly reasons: readonly string[]
}

/** What is known of a user: sign-ins that passed and that nobody has called invalid, and failed ones, newest first. */
interface History {
  readonly passed: readonly AuthEvent[]
  readonly failed: readonly AuthEvent[]
  readonly invalid: readonly AuthEvent[]
}

interface Reason {
  readonly weight: number
  readonly when: (now: Judged, history: History) => boolean
}

const HOUR_MS = 60 * 60 * 1000
/** Fewer sign-ins say nothing of somebody's hours. */
const ENOUGH_FOR_HOURS = 10

/** Each reason holds or not; the weights of those that hold add up. */
const reasons: Readonly<Record<string, Reason>> = {
  'new-device': {
    weight: 25,
    when: (now, { passed }) =>
      !now.knownDevice && passed.length > 0 && passed.every(({ details }) => details.device !== now.device),
  },
  'new-network': {
    weight: 20,
    when: isInNewNetwork,
  },
  'new-country': {
    weight: 20,
    when: (now, { passed }) => {
      const countries = passed.flatMap(({ details }) => details.countryCode ?? [])
      return now.countryCode !== undefined && countries.length > 0 && !countries.includes(now.countryCode)
    },
  },
  // Who uses a network for the second time, such as that of a VPN, is there whatever the map says.
  'impossible-travel': {
    weight: 30,
    when: (now, history) => {
      const last = history.passed.find(({ details }) => details.coordinates !== undefined)
      if (!last || now.knownDevice || !isInNewNetwork(now, history)) return false
      const from = { coordinates: last.details.coordinates, at: last.createdAt }
      return speedBetween(from, now) > limits.travelSpeed.max
    },
  },
  'recent-failures': {
    weight: 25,
    when: (now, { failed }) => failed.filter(({ createdAt }) => createdAt > now.at - HOUR_MS).length >= 3,
  },
  'unusual-hour': {
    weight: 10,
    when: (now, { passed }) =>
      passed.length >= ENOUGH_FOR_HOURS && passed.every(({ createdAt }) => hoursBetween(createdAt, now.at) > 3),
  },
  'failing-address': { weight: 25, when: ({ failing }) => failing },
  'known-bad-address': { weight: 70, when: ({ knownBad }) => knownBad },
  // The user, or an administrator, has called a sign-in from there invalid.
  'bad-address': {
    weight: 70,
    when: (now, { invalid }) =>
      invalid.some(({ details }) => now.address !== undefined && details.address === now.address),
  },
  'bad-device': {
    weight: 25,
    when: (now, { invalid }) => !now.knownDevice && invalid.some(({ details }) => details.device === now.device),
  },
}

/** From which sum of weights on, the highest first. */
const LEVELS: readonly (readonly [RiskLevelType, number])[] = [
  ['High', 70],
  ['Medium', 40],
  ['Low', 20],
]

/** The risk of a sign-in; without a level where there is none. `events`: the user's, newest first. */
export function judge(now: Judged, events: readonly AuthEvent[]): Risk {
  const signIns = events.filter(({ type }) => type === 'SignIn')
  const history: History = {
    passed: signIns.filter((event) => isGood(event)),
    failed: events.filter(({ response }) => response === 'Fail'),
    invalid: signIns.filter(({ feedback }) => feedback?.value === 'Invalid'),
  }
  const held = Object.entries(reasons).filter(([, { when }]) => when(now, history))
  const sum = held.reduce((total, [, { weight }]) => total + weight, 0)
  return { level: LEVELS.find(([, from]) => sum >= from)?.[0], reasons: held.map(([name]) => name) }
}

/** A sign-in that was called valid counts like one that passed, and one that was called invalid does not count. */
const isGood = ({ response, feedback }: AuthEvent): boolean =>
  feedback ? feedback.value === 'Valid' : response === 'Pass'

/** A sign-in that passed is known by its network, and none came from this one. */
function isInNewNetwork(now: Judged, { passed }: History): boolean {
  const networks = passed.flatMap(({ details }) => networkOf(details.address) ?? [])
  const network = networkOf(now.address)
  return network !== undefined && networks.length > 0 && !networks.includes(network)
}

/** The first 24 bits of an IPv4 address, the first 48 of an IPv6 one, as text. */
function networkOf(address: string | undefined): string | undefined {
  if (address === undefined) return undefined
  if (!address.includes(':')) return address.split('.').slice(0, 3).join('.')
  const [head = '', tail = ''] = address.split('::')
  const groups = head === '' ? [] : head.split(':')
  const rest = tail === '' ? [] : tail.split(':')
  const whole = [...groups, ...Array<string>(Math.max(0, 8 - groups.length - rest.length)).fill('0'), ...rest]
  return whole.slice(0, 3).join(':')
}

/** Hours between two times of day, on the clock's face. */
function hoursBetween(one: number, other: number): number {
  const apart = Math.abs(hourOf(one) - hourOf(other))
  return Math.min(apart, 24 - apart)
}

const hourOf = (at: number): number => (at / HOUR_MS) % 24

/** Where a pool says nothing of account takeover, a high risk is blocked (docs/reference/user-pools.md 15). */
const DEFAULT: AccountTakeoverRiskConfigurationType = {
  Actions: { HighAction: { Notify: false, EventAction: 'BLOCK' } },
}

/** What the pool does about a risk. */
export const actionFor = (
  { Actions }: AccountTakeoverRiskConfigurationType = DEFAULT,
  level: RiskLevelType | undefined,
): AccountTakeoverEventActionType =>
  (level === undefined ? undefined : Actions[`${level}Action`]?.EventAction) ?? 'NO_ACTION'
