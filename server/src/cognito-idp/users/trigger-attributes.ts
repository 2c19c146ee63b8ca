// The attributes of a user as Lambda triggers get them. Pure. docs/reference/user-pools.md 13.3.
import type { Texts } from '../../triggers/trigger.ts'
import type { StoredUser } from './user-store.ts'

/** With sub and status, which are no attributes. */
export const triggerAttributes = ({
  sub,
  status,
  attributes,
}: Pick<StoredUser, 'sub' | 'status' | 'attributes'>): Texts => ({
  sub,
  'cognito:user_status': status,
  ...attributes,
})
