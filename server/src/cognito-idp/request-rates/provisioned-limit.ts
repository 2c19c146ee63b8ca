// A limit of request rates: which one a request names, and the one in force in the API's form (docs/reference/user-pools.md 18.9).
import type { Context } from '../../context.ts'
import type { LimitDefinitionType, LimitType } from '../../contract/cognito-idp.types.ts'
import { ApiError } from '../../errors.ts'
import { type CategoryName, categories, isCategory } from './category-rules.ts'

/** Stands for no limit: the largest integer of the API. */
export const NO_LIMIT = 2 ** 31 - 1

/** The category of a definition. Throws InvalidParameterException, or ResourceNotFoundException for an unknown category. */
export function categoryOf({ Attributes }: LimitDefinitionType): CategoryName {
  const { Category, ...others } = Attributes
  if (Category === undefined || Object.keys(others).length > 0)
    throw new ApiError('InvalidParameterException', 'Attributes must have Category, and nothing else.')
  if (!isCategory(Category)) throw new ApiError('ResourceNotFoundException', `Category ${Category} does not exist.`)
  return Category
}

/** The limit in force, beside Cognito's quota. */
export async function limitType(
  { requestRates }: Pick<Context, 'requestRates'>,
  category: CategoryName,
): Promise<LimitType> {
  return {
    LimitDefinition: { LimitClass: 'API_CATEGORY', Attributes: { Category: category } },
    ProvisionedLimitValue: (await requestRates.limitOf(category)) ?? NO_LIMIT,
    FreeLimitValue: categories[category].quota,
  }
}
