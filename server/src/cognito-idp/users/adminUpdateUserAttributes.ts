import { requireDeliveryForAdministrator } from '../../messages/can-deliver.ts'
import { mediumOf } from '../../messages/delivery-rules.ts'
import { deleteCodesTo } from '../codes/code-store.ts'
import { attributePurpose, noteCode, type PreparedCode, prepareCode, writeCode } from '../codes/codes.ts'
import { operation } from '../operation.ts'
import { adminUpdate } from './admin-update-rules.ts'
import {
  attributeProblem,
  attributesFromList,
  immutableProblem,
  lastSignInNameProblem,
  missingValueProblem,
  requiredDeletionProblem,
} from './attribute-rules.ts'
import { changeNamedUser } from './require-user.ts'
import { nameTakenMessage } from './user-name-rules.ts'
import { NameTaken } from './user-store.ts'

/**
 * AdminUpdateUserAttributes: writes any attribute of the schema, also developer-only and *_verified ones; empty values
 * delete (docs/reference/user-pools.md 7.8).
 */
export const adminUpdateUserAttributes = operation(
  'AdminUpdateUserAttributes',
  async (context, { input, pool, fail }) => {
    const { settings } = pool
    const changes = attributesFromList(input.UserAttributes)
    const blank = Object.keys(changes).filter((name) => changes[name] === '')
    const problem =
      missingValueProblem(input.UserAttributes) ??
      attributeProblem(settings, changes, 'user') ??
      requiredDeletionProblem(settings, blank)
    if (problem !== undefined) throw fail('InvalidParameterException', problem)
    let sent: readonly PreparedCode[] = []
    try {
      await changeNamedUser(context, pool, input.Username, async (user) => {
        const refusal =
          immutableProblem(settings, user.attributes, changes) ??
          lastSignInNameProblem(settings, user.attributes, changes)
        if (refusal !== undefined) throw fail('InvalidParameterException', refusal)
        const { attributes, codes, replaced } = adminUpdate(settings, user.attributes, changes)
        const changed = { ...user, attributes }
        const prepared: PreparedCode[] = []
        sent = prepared
        for (const { attribute, value, pending } of codes) {
          requireDeliveryForAdministrator(context, mediumOf(attribute), value, pool)
          const purpose = attributePurpose(attribute, pending)
          const message = { pool, user: changed, purpose, message: 'update-attribute', attribute, value } as const
          const from = { asker: 'administrator', clientId: undefined, clientMetadata: input.ClientMetadata } as const
          prepared.push(await prepareCode(context, { ...message, ...from }))
        }
        return {
          user: changed,
          after: async (db) => {
            for (const contact of replaced) await deleteCodesTo(db, user, contact)
            for (const code of prepared) await writeCode(context, db, code)
          },
        }
      })
    } catch (error) {
      if (error instanceof NameTaken) throw fail('AliasExistsException', nameTakenMessage(error.kind))
      throw error
    }
    context.outbox.wake()
    for (const code of sent) noteCode(context, code)
    return {}
  },
)
