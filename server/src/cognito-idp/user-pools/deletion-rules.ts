// Whether a pool may be deleted. Pure. docs/reference/user-pools.md 5.7; clean-up tools compare the texts
// (docs/reference/user-pools.md 23.3).

import { invalid, type Refusal } from '../../refusal-rules.ts'
import type { UserPool } from './pool-store.ts'

export function deletionRefusal({ settings, replicas }: Pick<UserPool, 'settings' | 'replicas'>): Refusal | undefined {
  if (settings.DeletionProtection === 'ACTIVE') {
    return invalid(
      'The user pool cannot be deleted because deletion protection is activated. Deletion protection must be inactivated first.',
    )
  }
  if (replicas.length > 0) return invalid('User pool cannot be deleted. It has a replica that should be deleted first.')
  return settings.Domain !== undefined || settings.CustomDomain !== undefined
    ? invalid('User pool cannot be deleted. It has a domain configured that should be deleted first.')
    : undefined
}
