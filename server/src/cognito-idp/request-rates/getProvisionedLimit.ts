import { operation } from '../operation.ts'
import { categoryOf, limitType } from './provisioned-limit.ts'

export const getProvisionedLimit = operation('GetProvisionedLimit', async (context, { input }) => ({
  Limit: await limitType(context, categoryOf(input.LimitDefinition)),
}))
