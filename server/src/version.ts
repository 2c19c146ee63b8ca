import { createRequire } from 'node:module'

/** The version of this package, such as `0.1.0`. */
export const version = (): string =>
  (createRequire(import.meta.url)('cognomen/package.json') as { version: string }).version
