// Settings beyond Cognito: tags of a user pool whose keys begin with `cognomen:` (docs/decisions/beyond-cognito.md). Pure.
import type { UserPoolClientSettings } from '../user-pool-clients/client-store.ts'
import type { UserPoolSettings } from '../user-pools/pool-settings.ts'

const PREFIX = 'cognomen:'

/** Ten years: the longest life of a refresh token. */
const MOST_MINUTES = 5_256_000

const MOST_RECOVERY_CODES = 20

/** By the rest of the key, what a value must be. */
const settings = {
  'refresh-idle-minutes': {
    allows: (value: string) => /^[1-9]\d{0,6}$/.test(value) && Number(value) <= MOST_MINUTES,
    wanted: `a whole number from 1 to ${MOST_MINUTES}`,
  },
  'recovery-codes': {
    allows: (value: string) => /^[1-9]\d?$/.test(value) && Number(value) <= MOST_RECOVERY_CODES,
    wanted: `a whole number from 1 to ${MOST_RECOVERY_CODES}`,
  },
  introspection: { allows: (value: string) => value === 'on', wanted: 'on' },
} as const satisfies Readonly<Record<string, { allows: (value: string) => boolean; wanted: string }>>

type Setting = keyof typeof settings

/** Before the name of an app client: where its keys are. */
const CLIENT_KEYS = `${PREFIX}client-keys:`

/** What is wrong with the tags of a user pool that are settings; undefined when nothing is, or none is one. */
export function cognomenTagProblem(tags: Readonly<Record<string, string>>): string | undefined {
  for (const [key, value] of Object.entries(tags)) {
    if (!key.toLowerCase().startsWith(PREFIX)) continue
    if (key.startsWith(CLIENT_KEYS) && key.length > CLIENT_KEYS.length) {
      if (!isHttps(value)) return `Tag '${key}' must be the https address of a JSON Web Key Set.`
      continue
    }
    const name = key.slice(PREFIX.length)
    if (!key.startsWith(PREFIX) || !Object.hasOwn(settings, name))
      return `Tag key '${key}' is not a setting of Cognomen; those are ${[
        ...Object.keys(settings).map((known) => PREFIX + known),
        `${CLIENT_KEYS}<client name>`,
      ].join(', ')}.`
    const { allows, wanted } = settings[name as Setting]
    if (!allows(value)) return `Tag '${key}' must be ${wanted}.`
  }
  return undefined
}

const settingOf = ({ UserPoolTags = {} }: UserPoolSettings, name: Setting): string | undefined =>
  UserPoolTags[PREFIX + name]

const isHttps = (text: string): boolean =>
  URL.canParse(text) && new URL(text).protocol === 'https:' && /^\S+$/.test(text) && !text.includes('#')

/**
 * Where the keys of an app client are with which it authenticates (oauth/client-assertion.ts); undefined where it does so by
 * its secret. By the name of the client, as a plan has its tags before it has the ids; what registered itself chose its name.
 */
export const clientKeysUrl = (pool: UserPoolSettings, client: ClientOfTag): string | undefined =>
  client.ClientType === 'DCR' ? undefined : pool.UserPoolTags?.[CLIENT_KEYS + client.ClientName]

type ClientOfTag = Pick<UserPoolClientSettings, 'ClientName' | 'ClientType'>

/** Whether any client of the pool has keys. */
export const hasClientKeys = ({ UserPoolTags = {} }: UserPoolSettings): boolean =>
  Object.keys(UserPoolTags).some((key) => key.startsWith(CLIENT_KEYS))

/** How many recovery codes a user's set has; undefined where the pool does not use any. */
export function recoveryCodeCount(pool: UserPoolSettings): number | undefined {
  const count = settingOf(pool, 'recovery-codes')
  return count === undefined ? undefined : Number(count)
}

/** Whether confidential clients may ask what a token is worth (oauth/introspect.ts). */
export const allowsIntrospection = (pool: UserPoolSettings): boolean => settingOf(pool, 'introspection') === 'on'

/** How long a refresh token may go unused, in milliseconds; undefined without a bound. */
export function refreshIdleMs(pool: UserPoolSettings): number | undefined {
  const minutes = settingOf(pool, 'refresh-idle-minutes')
  return minutes === undefined ? undefined : Number(minutes) * 60_000
}
