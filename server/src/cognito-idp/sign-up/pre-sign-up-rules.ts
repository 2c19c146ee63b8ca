// What a PreSignUp trigger's answer makes of a sign-up. Pure. docs/reference/user-pools.md 7.3.

import type { Contact } from '../../messages/delivery-rules.ts'
import type { Refusal } from '../../refusal-rules.ts'
import type { PreSignUpAnswer } from '../../triggers/events/pre-sign-up.ts'
import type { Attributes } from '../users/attribute-rules.ts'

interface AllowedSignUp {
  status: 'CONFIRMED' | 'UNCONFIRMED'
  attributes: Attributes
}

/**
 * The user's status, and the attributes with what is then verified. Contacts are verified only for a
 * user who is confirmed, and must be there: a function that verifies what is missing is mistaken.
 */
export function afterPreSignUp(
  attributes: Attributes,
  answer: PreSignUpAnswer | undefined,
): AllowedSignUp | Refusal<'InvalidLambdaResponseException'> {
  if (!answer?.autoConfirmUser) return { status: 'UNCONFIRMED', attributes }
  const verified: Contact[] = [
    ...(answer.autoVerifyEmail ? (['email'] as const) : []),
    ...(answer.autoVerifyPhone ? (['phone_number'] as const) : []),
  ]
  const missing = verified.find((contact) => !attributes[contact])
  if (missing !== undefined)
    return {
      refused: 'InvalidLambdaResponseException',
      message: `PreSignUp verifies the ${missing} of a user who has none.`,
    }
  const flags = Object.fromEntries(verified.map((contact) => [`${contact}_verified`, 'true']))
  return { status: 'CONFIRMED', attributes: { ...attributes, ...flags } }
}
