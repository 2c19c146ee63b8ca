import { operation } from '../operation.ts'
import { emptyList } from './no-credentials.ts'

export const listSSHPublicKeys = operation('ListSSHPublicKeys', async (context, { input, caller }) => ({
  SSHPublicKeys: [],
  ...(await emptyList(context, 'ListSSHPublicKeys', caller, input)),
}))
