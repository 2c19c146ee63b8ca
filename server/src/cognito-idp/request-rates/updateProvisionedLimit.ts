import { operation } from '../operation.ts'
import { categoryOf, limitType, NO_LIMIT } from './provisioned-limit.ts'
import { putLimit, removeLimit } from './provisioned-limit-store.ts'

export const updateProvisionedLimit = operation('UpdateProvisionedLimit', async (context, { input, fail }) => {
  const { LimitDefinition, RequestedLimitValue: requested } = input
  const category = categoryOf(LimitDefinition)
  if (requested < 1)
    throw fail('InvalidParameterException', `RequestedLimitValue must be at least 1; ${NO_LIMIT} for no limit.`)
  if (requested === NO_LIMIT) await removeLimit(context.db, category)
  else await putLimit(context.db, category, requested)
  context.requestRates.forget()
  return { Limit: await limitType(context, category) }
})
