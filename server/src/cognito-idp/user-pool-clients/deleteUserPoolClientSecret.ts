import { enforce } from '../../refusal-rules.ts'
import { operation } from '../operation.ts'
import { registeredRefusal } from './client-secret-rules.ts'
import { changeClientSecrets } from './read-client.ts'

export const deleteUserPoolClientSecret = operation('DeleteUserPoolClientSecret', async (context, { input, fail }) => {
  await changeClientSecrets(context, input, ({ secrets, settings }) => {
    enforce(fail, registeredRefusal(settings))
    const kept = secrets.filter((secret) => secret.id !== input.ClientSecretId)
    if (kept.length === secrets.length)
      throw fail('ResourceNotFoundException', `Client secret ${input.ClientSecretId} does not exist.`)
    if (kept.length === 0)
      throw fail('InvalidParameterException', 'The last active client secret of a client can not be deleted.')
    return kept
  })
  return {}
})
