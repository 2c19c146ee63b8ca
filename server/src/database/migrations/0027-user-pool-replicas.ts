// Further regions of user pools (docs/reference/user-pools.md 18.8).
import { type Step, stepsOf } from './steps.ts'

const { table, index } = stepsOf('0027')

export const userPoolReplicas: readonly Step[] = [
  table(
    'user_pool_replicas',
    'user_pool_id key_text not null, region key_text not null, status text not null, settings text not null, primary key (user_pool_id, region)',
  ),
  index('user_pool_replicas_by_region', 'user_pool_replicas (region, user_pool_id)'),
]
