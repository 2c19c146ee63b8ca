// Settings beyond Cognito: tags of a user pool whose keys begin with `cognomen:` (docs/decisions/beyond-cognito.md). Pure.
import { isBackchannelUri } from '../user-pool-clients/backchannel-uri-rules.ts'
import type { UserPoolClientSettings } from '../user-pool-clients/client-store.ts'
import { registrationOf } from '../user-pools/dcr-rules.ts'
import type { UserPoolSettings } from '../user-pools/pool-settings.ts'

const PREFIX = 'cognomen:'

/** Ten years: the longest life of a refresh token. */
const MOST_MINUTES = 5_256_000

const MOST_RECOVERY_CODES = 20

/** Whether a tag is a setting, or claims to be one. */
export const isSettingTag = (key: string): boolean => key.toLowerCase().startsWith(PREFIX)

interface ValueRule {
  readonly allows: (value: string) => boolean
  /** What a value must be, for the refusal. */
  readonly wanted: string
}

const isHttps = (text: string): boolean =>
  URL.canParse(text) && new URL(text).protocol === 'https:' && /^\S+$/.test(text) && !text.includes('#')

const on: ValueRule = { allows: (value) => value === 'on', wanted: 'on' }
const onOrRequired: ValueRule = { allows: (value) => value === 'on' || value === 'required', wanted: 'on or required' }

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
  introspection: on,
  'pushed-authorization': onOrRequired,
  dpop: onOrRequired,
  'account-page': on,
} as const satisfies Readonly<Record<string, ValueRule>>

type Setting = keyof typeof settings

/** The same for keys that end with the name of an app client, after a colon. */
const clientSettings = {
  'client-keys': { allows: isHttps, wanted: 'the https address of a JSON Web Key Set' },
  'pushed-authorization': onOrRequired,
  dpop: onOrRequired,
  'device-grant': on,
  'token-exchange': {
    allows: (value: string) => /^\S+(?: \S+)*$/.test(value),
    wanted: 'names of audiences, with a blank between them',
  },
  'backchannel-logout': { allows: isBackchannelUri, wanted: 'an https address, or one of http on this machine' },
} as const satisfies Readonly<Record<string, ValueRule>>

export type ClientSetting = keyof typeof clientSettings

const isKeyOf = <Table extends object>(table: Table, name: string): name is keyof Table & string =>
  Object.hasOwn(table, name)

/** The rule of a key without the prefix; undefined for what is no setting. */
function ruleOf(name: string): ValueRule | undefined {
  if (isKeyOf(settings, name)) return settings[name]
  const colon = name.indexOf(':')
  const start = name.slice(0, colon)
  return colon > 0 && colon < name.length - 1 && isKeyOf(clientSettings, start) ? clientSettings[start] : undefined
}

/** What is wrong with the tags of a user pool that are settings; undefined when nothing is, or none is one. */
export function cognomenTagProblem(tags: Readonly<Record<string, string>>): string | undefined {
  for (const [key, value] of Object.entries(tags)) {
    if (!isSettingTag(key)) continue
    const rule = key.startsWith(PREFIX) ? ruleOf(key.slice(PREFIX.length)) : undefined
    if (!rule)
      return `Tag key '${key}' is not a setting of Cognomen; those are ${[
        ...Object.keys(settings),
        ...Object.keys(clientSettings).map((name) => `${name}:<client name>`),
      ]
        .map((known) => PREFIX + known)
        .join(', ')}.`
    if (!rule.allows(value)) return `Tag '${key}' must be ${rule.wanted}.`
  }
  return undefined
}

const settingOf = ({ UserPoolTags = {} }: UserPoolSettings, name: Setting): string | undefined =>
  UserPoolTags[PREFIX + name]

/**
 * The setting of one app client. By its name, as a plan has the tags of its pool before it has the ids of clients; what
 * registered itself chose its name, so no setting of one client is about it.
 */
const clientSettingOf = (pool: UserPoolSettings, client: ClientOfTag, name: ClientSetting): string | undefined =>
  client.ClientType === 'DCR' ? undefined : pool.UserPoolTags?.[`${PREFIX}${name}:${client.ClientName}`]

type ClientOfTag = Pick<UserPoolClientSettings, 'ClientName' | 'ClientType' | 'BackchannelLogoutUri'>

/** Whether any client of the pool has this setting. */
export const anyClientHas = ({ UserPoolTags = {} }: UserPoolSettings, name: ClientSetting): boolean =>
  Object.keys(UserPoolTags).some((key) => key.startsWith(`${PREFIX}${name}:`))

/**
 * Where the keys of an app client are with which it authenticates (oauth/client-assertion.ts); undefined where it does so by
 * its secret.
 */
export const clientKeysUrl = (pool: UserPoolSettings, client: ClientOfTag): string | undefined =>
  clientSettingOf(pool, client, 'client-keys')

type Use = 'on' | 'required' | undefined

const useOf = (pool: UserPoolSettings, client: ClientOfTag, name: Setting & ClientSetting): Use =>
  (clientSettingOf(pool, client, name) ?? settingOf(pool, name)) as Use

/** Whether a client may, or must, push its authorization requests (oauth/authorize/pushed-request.ts). */
export const pushedAuthorization = (pool: UserPoolSettings, client: ClientOfTag): Use =>
  useOf(pool, client, 'pushed-authorization')

/** What discovery says of it: whether any client may, and whether all must. */
export const poolPushedAuthorization = (pool: UserPoolSettings): Use =>
  (settingOf(pool, 'pushed-authorization') as Use) ?? (anyClientHas(pool, 'pushed-authorization') ? 'on' : undefined)

/** Whether the tokens of a client may, or must, be bound to a key of its own (oauth/dpop/). */
export const dpop = (pool: UserPoolSettings, client: ClientOfTag): Use => useOf(pool, client, 'dpop')

/** Whether any client of the pool may bind tokens to keys. */
export const hasDpop = (pool: UserPoolSettings): boolean =>
  settingOf(pool, 'dpop') !== undefined || anyClientHas(pool, 'dpop')

/** Whether users sign in to a client on a device without a browser (oauth/device/). */
export const allowsDeviceGrant = (pool: UserPoolSettings, client: ClientOfTag): boolean =>
  clientSettingOf(pool, client, 'device-grant') === 'on'

/** The audiences that a client has to do with as it exchanges tokens; undefined where it may exchange none. */
export const exchangeAudiences = (pool: UserPoolSettings, client: ClientOfTag): readonly string[] | undefined =>
  clientSettingOf(pool, client, 'token-exchange')?.split(' ')

/**
 * Where an application is told that a user has signed out (oauth/backchannel/); one that registered itself has said so then.
 * Undefined for one that is not told.
 */
export const backchannelLogoutUri = (pool: UserPoolSettings, client: ClientOfTag): string | undefined =>
  client.BackchannelLogoutUri ?? clientSettingOf(pool, client, 'backchannel-logout')

/** Whether any application of the pool may want to be told. */
export const mayHaveBackchannelLogout = (pool: UserPoolSettings): boolean =>
  anyClientHas(pool, 'backchannel-logout') || registrationOf(pool) !== undefined

/** How many recovery codes a user's set has; undefined where the pool does not use any. */
export function recoveryCodeCount(pool: UserPoolSettings): number | undefined {
  const count = settingOf(pool, 'recovery-codes')
  return count === undefined ? undefined : Number(count)
}

/** Whether confidential clients may ask what a token is worth (oauth/introspect.ts). */
export const allowsIntrospection = (pool: UserPoolSettings): boolean => settingOf(pool, 'introspection') === 'on'

/** Whether users look after their accounts on the pages of the pool (login-pages/account/). */
export const hasAccountPage = (pool: UserPoolSettings): boolean => settingOf(pool, 'account-page') === 'on'

/** How long a refresh token may go unused, in milliseconds; undefined without a bound. */
export function refreshIdleMs(pool: UserPoolSettings): number | undefined {
  const minutes = settingOf(pool, 'refresh-idle-minutes')
  return minutes === undefined ? undefined : Number(minutes) * 60_000
}
