// Codes count the tries at them (docs/reference/threats.md 8), and are purged when they have expired.
import type { Step } from './migrate.ts'

export const codeTries: readonly Step[] = [
  { name: '0002-codes-tries', statement: 'alter table codes add column tries bigint not null default 0' },
  { name: '0002-codes_by_expiry', statement: 'create index if not exists codes_by_expiry on codes (expires_at)' },
]
