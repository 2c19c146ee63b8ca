// The Security Token Service as a service of the AWS API.
import { stsModel } from '../contract/sts.model.ts'
import { global, identifySigner, type Service } from '../service.ts'
import { differences } from './differences.ts'
import { stsResource } from './resource.ts'
import { undeclaredErrors } from './undeclared-errors.ts'

export const sts: Service = {
  title: 'Security Token Service (sts)',
  model: stsModel,
  load: async () => (await import('./operations.ts')).stsOperations,
  signing: global(stsModel),
  validationError: 'ValidationError',
  undeclaredErrors,
  constraintOverrides: {
    // The model bounds its length, but a provider's subjects may be shorter or longer.
    AssumeRoleWithWebIdentity: { subjectFromWebIdentityToken: { type: 'string' } },
  },
  identify: identifySigner,
  resource: ({ config }, operation, input) => stsResource(config, operation, input),
  differences,
}
