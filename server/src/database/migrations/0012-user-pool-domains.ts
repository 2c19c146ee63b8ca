// The domains of user pools (docs/reference/oauth-and-federation.md 18).
import { type Step, stepsOf } from './steps.ts'

const { tableOfKeys } = stepsOf('0012')

export const userPoolDomains: readonly Step[] = [
  tableOfKeys('user_pool_domains', 'domain key_text not null, user_pool_id key_text not null, primary key (domain)'),
]
