// Settings of the process as a whole.
import type { SettingsReader } from '../settings-reader.ts'

export interface ProcessConfig {
  readonly logLevel: string
  readonly production: boolean
  /** Threads for costly work; undefined: as the machine has cores. */
  readonly cryptoWorkers: number | undefined
  /** Lets whoever has it read /metrics. */
  readonly metricsToken: string | undefined
}

// Other spellings, such as `Production`, would silently mean development.
const modes = ['production', 'development', 'test']
const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']

export function readProcess(read: SettingsReader): ProcessConfig {
  const metricsToken = read.text('METRICS_TOKEN')
  if (metricsToken !== undefined && !/^[\w.~+/=-]{32,512}$/.test(metricsToken))
    read.report(
      'METRICS_TOKEN must be 32 to 512 letters, digits and characters of base64; make one with: openssl rand -base64 32',
    )
  return {
    metricsToken,
    logLevel: read.checked('LOG_LEVEL', (value) => logLevels.includes(value), `one of ${logLevels.join(', ')}`),
    production:
      read.checked('NODE_ENV', (value) => modes.includes(value), `one of ${modes.join(', ')}`) === 'production',
    cryptoWorkers: read.text('CRYPTO_WORKERS') === undefined ? undefined : read.wholeNumber('CRYPTO_WORKERS', 1, 256),
  }
}
