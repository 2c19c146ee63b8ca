// Resource servers and their scopes (docs/reference/oauth-and-federation.md 10.1).
import { type Step, stepsOf } from './steps.ts'

const { table, index } = stepsOf('0013')

export const resourceServers: readonly Step[] = [
  table(
    'resource_servers',
    'identifier key_text not null, user_pool_id key_text not null, name text not null, scopes text not null, primary key (identifier, user_pool_id)',
  ),
  index('resource_servers_by_pool', 'resource_servers (user_pool_id, identifier)'),
]
