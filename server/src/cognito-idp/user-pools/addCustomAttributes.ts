import { enforce } from '../../refusal-rules.ts'
import { operation } from '../operation.ts'
import { isImporting } from '../user-import/import-store.ts'
import { IMPORT_IN_PROGRESS_MESSAGE } from '../user-import/require-import-job.ts'
import { changePoolSettings } from './read-pool.ts'
import { additionRefusal, customAttribute } from './schema-rules.ts'

export const addCustomAttributes = operation('AddCustomAttributes', async (context, { input, fail }) => {
  if (await isImporting(context.db, input.UserPoolId))
    throw fail('UserImportInProgressException', IMPORT_IN_PROGRESS_MESSAGE)
  await changePoolSettings(context, input.UserPoolId, (settings) => {
    enforce(fail, additionRefusal(settings.SchemaAttributes, input.CustomAttributes))
    return {
      ...settings,
      SchemaAttributes: [...settings.SchemaAttributes, ...input.CustomAttributes.map(customAttribute)],
    }
  })
  return {}
})
