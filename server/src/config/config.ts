// Reads the environment once into a typed, frozen configuration: a function for each group of settings. Every problem is
// reported at once, with what to do. Secrets (keys) are made or loaded in secrets.ts; nothing else reads process.env.
import { ConfigError } from './config-error.ts'
import type { Environment } from './env.ts'
import { type AccountConfig, readAccount } from './groups/account.ts'
import { type AddressConfig, readAddresses } from './groups/addresses.ts'
import { type BreachedPasswordConfig, readBreachedPasswords } from './groups/breached-passwords.ts'
import { type BudgetConfig, readBudgets } from './groups/budgets.ts'
import { type DatabaseConfig, readDatabase } from './groups/database.ts'
import { type GateConfig, readGate } from './groups/gate.ts'
import { type IdentityPoolConfig, readIdentityPools } from './groups/identity-pools.ts'
import { type ImportConfig, readImports } from './groups/imports.ts'
import { type KeyConfig, readKeys } from './groups/keys.ts'
import { type MessageConfig, readMessages } from './groups/messages.ts'
import { type NetworkConfig, readNetwork } from './groups/network.ts'
import { type ProcessConfig, readProcess } from './groups/process.ts'
import { type RetentionConfig, readRetention } from './groups/retention.ts'
import { readSinks, type SinkConfig } from './groups/sinks.ts'
import { readSync, type SyncConfig } from './groups/sync.ts'
import { readSyncDelivery, type SyncDeliveryConfig } from './groups/sync-delivery.ts'
import { readTriggers, type TriggerConfig } from './groups/triggers.ts'
import { createSettingsReader } from './settings-reader.ts'

export interface Config
  extends ProcessConfig,
    NetworkConfig,
    AccountConfig,
    DatabaseConfig,
    KeyConfig,
    MessageConfig,
    BudgetConfig,
    IdentityPoolConfig,
    SyncConfig,
    GateConfig,
    ImportConfig,
    RetentionConfig,
    TriggerConfig,
    SyncDeliveryConfig,
    SinkConfig,
    BreachedPasswordConfig,
    AddressConfig {}

/** Typed, checked and frozen settings from an environment. Throws ConfigError with all problems at once. */
export function readConfig(env: Environment): Config {
  const read = createSettingsReader(env)
  const process = readProcess(read)
  const account = readAccount(read)
  const config: Config = {
    ...process,
    ...readNetwork(read),
    ...account,
    ...readDatabase(read),
    ...readKeys(read),
    ...readMessages(read, { ...process, ...account }),
    ...readBudgets(read),
    ...readIdentityPools(read),
    ...readSync(read),
    ...readGate(read),
    ...readImports(read),
    ...readRetention(read),
    ...readTriggers(read),
    ...readSyncDelivery(read, account),
    ...readSinks(read, account),
    ...readBreachedPasswords(read),
    ...readAddresses(read),
  }
  if (read.problems.length > 0) throw new ConfigError(read.problems)
  return Object.freeze(config)
}
