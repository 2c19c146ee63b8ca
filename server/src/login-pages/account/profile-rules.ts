// Which attributes users see and change on the page of their account. Pure. docs/behaviour/account-page.md.
import { mayWrite, readableAttributes } from '../../cognito-idp/user-pool-clients/attribute-permission-rules.ts'
import type { UserPoolClientSettings } from '../../cognito-idp/user-pool-clients/client-store.ts'
import { schemaOf } from '../../cognito-idp/user-pools/attribute-schema.ts'
import type { UserPoolSettings } from '../../cognito-idp/user-pools/pool-settings.ts'
import type { Attributes } from '../../cognito-idp/users/attribute-rules.ts'
import type { Parameters } from '../../http/forms.ts'
import { attributeField, attributeKind, tidyValue } from '../attribute-field-rules.ts'

export interface ShownAttribute {
  readonly name: string
  readonly required: boolean
}

/** Asked for also where the user has none and the pool wants none. */
const ALWAYS = ['name', 'email', 'phone_number']
/** No user types it. */
const NEVER = ['updated_at']

/**
 * The standard attributes that the client may read and write, and the user may change: those that are set or required, and a
 * name, an address and a number. Custom ones are the application's business: it may keep there what its users should not see.
 */
export function shownAttributes(
  pool: UserPoolSettings,
  client: UserPoolClientSettings,
  current: Attributes,
): ShownAttribute[] {
  const readable = readableAttributes(pool, client)
  return [...schemaOf(pool).values()].flatMap(({ Name: name = '', Mutable, Required: required = false }) => {
    const isKnown = attributeKind(name) !== undefined && !NEVER.includes(name)
    const isAllowed = Mutable !== false && mayWrite(client, name) && readable.includes(name)
    const isWanted = required || Boolean(current[name]) || ALWAYS.includes(name)
    return isKnown && isAllowed && isWanted ? [{ name, required }] : []
  })
}

/** What of a form differs from what the user has; an empty value takes an attribute away. */
export const changesIn = (
  form: Parameters,
  shown: readonly ShownAttribute[],
  current: Attributes,
): { Name: string; Value: string }[] =>
  shown.flatMap(({ name }) => {
    const Value = tidyValue(name, form.get(attributeField(name)))
    return Value === (current[name] ?? '') ? [] : [{ Name: name, Value }]
  })
