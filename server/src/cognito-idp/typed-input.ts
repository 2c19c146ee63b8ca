// Whether texts that do not come through the API, but from the forms of the login pages, have the form that the contract asks
// for. Pure. What the API says of a text that has not is api/validate.ts.
import { cognitoIdpModel } from '../contract/cognito-idp.model.ts'
import { matches, type StringShape } from '../contract/service-model.ts'
import { password } from './constraint-overrides.ts'

const fits =
  (shape: StringShape) =>
  (text: string): boolean => {
    const length = [...text].length
    return length >= (shape.min ?? 0) && length <= (shape.max ?? 0) && matches(shape, text)
  }

const shapes = cognitoIdpModel.shapes as unknown as Readonly<Record<string, StringShape>>

export const fitsUsername = fits(shapes['UsernameType'] as StringShape)
export const fitsCode = fits(shapes['ConfirmationCodeType'] as StringShape)
export const fitsPassword = fits(password)
