// Applications that registered themselves: when each was last used, and what users have allowed it.
import { type Step, stepsOf } from './steps.ts'

const { tableOfKeys, index } = stepsOf('0024')

export const consents: readonly Step[] = [
  tableOfKeys(
    'consents',
    'user_sub key_text not null, user_pool_id key_text not null, client_id key_text not null, granted text not null, granted_at bigint not null, primary key (user_sub, user_pool_id, client_id)',
  ),
  tableOfKeys(
    'registered_clients',
    'client_id key_text not null, user_pool_id key_text not null, used_at bigint not null, primary key (client_id)',
  ),
  index('registered_clients_by_use', 'registered_clients (used_at)'),
]
