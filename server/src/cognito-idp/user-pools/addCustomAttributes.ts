import { enforce } from '../../refusal-rules.ts'
import { operation } from '../operation.ts'
import { changePoolSettings } from './read-pool.ts'
import { additionRefusal, customAttribute } from './schema-rules.ts'

export const addCustomAttributes = operation('AddCustomAttributes', async (context, { input, fail }) => {
  await changePoolSettings(context, input.UserPoolId, (settings) => {
    enforce(fail, additionRefusal(settings.SchemaAttributes, input.CustomAttributes))
    return {
      ...settings,
      SchemaAttributes: [...settings.SchemaAttributes, ...input.CustomAttributes.map(customAttribute)],
    }
  })
  return {}
})
