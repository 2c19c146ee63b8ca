import { operation } from '../operation.ts'
import { emptyList } from './no-credentials.ts'

export const listSigningCertificates = operation('ListSigningCertificates', async (context, { input, caller }) => ({
  Certificates: [],
  ...(await emptyList(context, 'ListSigningCertificates', caller, input)),
}))
