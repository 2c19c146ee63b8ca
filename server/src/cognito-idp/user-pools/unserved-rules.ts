// Settings of user pools and app clients that are stored and shown, so that plans (Terraform, CDK) apply, and that
// nothing carries out yet; the log is told (unserved-notices.ts). Pure. docs/behaviour/user-pools.md.
import type { UserPoolClientSettings } from '../user-pool-clients/client-store.ts'
import type { UserPoolSettings } from './pool-settings.ts'

type Rows<Settings> = Readonly<Record<string, (settings: Settings) => boolean>>

const poolRows: Rows<UserPoolSettings> = {
  KeyConfiguration: ({ KeyConfiguration }) => KeyConfiguration?.KeyType === 'CUSTOMER_MANAGED_KEY',
}

const clientRows: Rows<Partial<UserPoolClientSettings>> = {
  AnalyticsConfiguration: ({ AnalyticsConfiguration }) => AnalyticsConfiguration !== undefined,
}

const setRows = <Settings>(rows: Rows<Settings>, settings: Settings): string[] =>
  Object.keys(rows).filter((name) => rows[name]?.(settings))

/** The names of the settings of a pool that nothing carries out yet, such as `KeyConfiguration`. */
export const unservedOfPool = (settings: UserPoolSettings): string[] => setRows(poolRows, settings)

/** The same of an app client. */
export const unservedOfClient = (settings: Partial<UserPoolClientSettings>): string[] => setRows(clientRows, settings)
