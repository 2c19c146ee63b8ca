import { clientSecret } from '../../crypto/random-ids.ts'
import { enforce } from '../../refusal-rules.ts'
import { limits } from '../limits.ts'
import { operation } from '../operation.ts'
import { newClientSecret, registeredRefusal } from './client-secret-rules.ts'
import type { ClientSecret } from './client-store.ts'
import { clientSecretDescriptor } from './client-type.ts'
import { changeClientSecrets } from './read-client.ts'

export const addUserPoolClientSecret = operation('AddUserPoolClientSecret', async (context, { input, fail }) => {
  const value = input.ClientSecret ?? clientSecret((count) => context.random.bytes(count))
  const now = context.clock.now()
  let added: ClientSecret | undefined
  await changeClientSecrets(context, input, ({ secrets, settings }) => {
    enforce(fail, registeredRefusal(settings))
    // A client without a secret is public and stays so.
    if (secrets.length === 0)
      throw fail('InvalidParameterException', 'A client secret can not be added to a client that was made without one.')
    if (secrets.length >= limits.secretsPerClient.max)
      throw fail(
        'LimitExceededException',
        `A client can not have more than ${limits.secretsPerClient.max} active client secrets.`,
      )
    added = newClientSecret(input.ClientId, value, now, secrets)
    return [...secrets, added]
  })
  const descriptor = clientSecretDescriptor(added as ClientSecret)
  // The value is returned only when the server has generated it.
  return {
    ClientSecretDescriptor: input.ClientSecret === undefined ? { ...descriptor, ClientSecretValue: value } : descriptor,
  }
})
