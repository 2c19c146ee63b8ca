// Authorization codes of the OAuth endpoints (docs/reference/oauth-and-federation.md 3.6, 25).
import { type Step, stepsOf } from './steps.ts'

const { table, index } = stepsOf('0020')

export const authorizationCodes: readonly Step[] = [
  table(
    'authorization_codes',
    'code_hash key_text not null, user_pool_id key_text not null, grant_sealed text not null, redeemed integer not null, expires_at bigint not null, primary key (code_hash, user_pool_id)',
  ),
  index('authorization_codes_by_expiry', 'authorization_codes (expires_at)'),
]
