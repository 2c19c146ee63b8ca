// Asks the PreSignUp trigger of a pool before a user is made (docs/reference/user-pools.md 13.5).
import type { Context } from '../../context.ts'
import type { AttributeType } from '../../contract/cognito-idp.types.ts'
import { callTrigger, type Occasion } from '../../triggers/call.ts'
import { type PreSignUpAnswer, preSignUp } from '../../triggers/events/pre-sign-up.ts'
import { type Attributes, attributesFromList } from './attribute-rules.ts'

type Source = 'PreSignUp_SignUp' | 'PreSignUp_AdminCreateUser'

/** Members of the request that go to the trigger. */
interface Given {
  ValidationData?: readonly AttributeType[] | undefined
  ClientMetadata?: Record<string, string> | undefined
}

/** The trigger's answer, undefined in a pool without one. Throws as callTrigger does. */
export const askPreSignUp = (
  context: Context,
  occasion: Occasion<Source>,
  attributes: Attributes,
  { ValidationData, ClientMetadata }: Given,
): Promise<PreSignUpAnswer | undefined> => {
  const given = Object.entries(attributes).filter(([name]) => !name.endsWith('_verified'))
  return callTrigger(context, preSignUp, occasion, {
    userAttributes: Object.fromEntries(given),
    validationData: ValidationData && attributesFromList(ValidationData),
    clientMetadata: ClientMetadata,
  })
}
