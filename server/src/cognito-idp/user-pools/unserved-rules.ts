// Settings of user pools and app clients that are stored and shown, so that plans (Terraform, CDK) apply, and that
// nothing carries out yet, or not with this server's settings; the log is told (unserved-notices.ts). Pure. docs/behaviour/user-pools.md.
import { sinkNames } from '../analytics/pinpoint-rules.ts'
import { sinksOf } from '../log-delivery/log-delivery-rules.ts'
import type { UserPoolClientSettings } from '../user-pool-clients/client-store.ts'
import type { UserPoolSettings } from './pool-settings.ts'

/** Whether SINKS_FILE names a place for an ARN or an analytics project. */
type KnowsSink = (name: string) => boolean
type Rows<Settings> = Readonly<Record<string, (settings: Settings, knows: KnowsSink) => boolean>>

const poolRows: Rows<UserPoolSettings> = {
  'LogConfigurations (SINKS_FILE names no place for an ARN)': (settings, knows) => !sinksOf(settings).every(knows),
  KeyConfiguration: ({ KeyConfiguration }) => KeyConfiguration?.KeyType === 'CUSTOMER_MANAGED_KEY',
}

const clientRows: Rows<Partial<UserPoolClientSettings>> = {
  AnalyticsConfiguration: ({ AnalyticsConfiguration: set }, knows) => set !== undefined && !sinkNames(set).some(knows),
}

const setRows = <Settings>(rows: Rows<Settings>, settings: Settings, knows: KnowsSink): string[] =>
  Object.keys(rows).filter((name) => rows[name]?.(settings, knows))

/** The names of the settings of a pool that nothing carries out yet, such as `KeyConfiguration`. */
export const unservedOfPool = (settings: UserPoolSettings, knows: KnowsSink): string[] =>
  setRows(poolRows, settings, knows)

/** The same of an app client. */
export const unservedOfClient = (settings: Partial<UserPoolClientSettings>, knows: KnowsSink): string[] =>
  setRows(clientRows, settings, knows)
