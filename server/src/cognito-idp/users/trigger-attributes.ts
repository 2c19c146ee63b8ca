// The attributes of a user as Lambda triggers get them. Pure. docs/reference/user-pools.md 13.3.
import type { Texts } from '../../triggers/trigger.ts'
import { identitiesText } from '../identities/identity-rules.ts'
import type { StoredUser } from './user-store.ts'

/** With sub and status, which are no attributes. */
export const triggerAttributes = ({
  sub,
  status,
  attributes,
  identities,
}: Pick<StoredUser, 'sub' | 'status' | 'attributes'> & Partial<Pick<StoredUser, 'identities'>>): Texts => ({
  sub,
  'cognito:user_status': status,
  ...(identities && identities.length > 0 && { identities: identitiesText(identities) as string }),
  ...attributes,
})
