// Settings of user pools and app clients that are stored and shown, so that plans (Terraform, CDK) apply, and that
// nothing carries out yet, or not with this server's settings; the log is told (unserved-notices.ts). Pure. docs/behaviour/user-pools.md.
import type { Sinks } from '../../sinks/sinks.ts'
import { sinkNames } from '../analytics/pinpoint-rules.ts'
import type { UserPoolClientSettings } from '../user-pool-clients/client-store.ts'
import type { UserPoolSettings } from './pool-settings.ts'

/** The sinks that SINKS_FILE names. */
export type KnownSinks = Pick<Sinks, 'knows'>

type Rows<Settings> = Readonly<Record<string, (settings: Settings, sinks: KnownSinks) => boolean>>

const poolRows: Rows<UserPoolSettings> = {
  IssuerConfiguration: ({ IssuerConfiguration }) => IssuerConfiguration !== undefined,
  KeyConfiguration: ({ KeyConfiguration }) => KeyConfiguration?.KeyType === 'CUSTOMER_MANAGED_KEY',
}

const clientRows: Rows<Partial<UserPoolClientSettings>> = {
  AnalyticsConfiguration: ({ AnalyticsConfiguration: set }, sinks) =>
    set !== undefined && !sinkNames(set).some((name) => sinks.knows(name)),
}

const setRows = <Settings>(rows: Rows<Settings>, settings: Settings, sinks: KnownSinks): string[] =>
  Object.keys(rows).filter((name) => rows[name]?.(settings, sinks))

/** The names of the settings of a pool that nothing carries out, such as `IssuerConfiguration`. */
export const unservedOfPool = (settings: UserPoolSettings, sinks: KnownSinks): string[] =>
  setRows(poolRows, settings, sinks)

/** The same of an app client. */
export const unservedOfClient = (settings: Partial<UserPoolClientSettings>, sinks: KnownSinks): string[] =>
  setRows(clientRows, settings, sinks)
