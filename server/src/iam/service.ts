// IAM as a service of the AWS API: the operations that identity pools need, and those that go with them.
import { iamModel } from '../contract/iam.model.ts'
import type { Shape } from '../contract/service-model.ts'
import { global, identifySigner, type Service } from '../service.ts'
import { differences } from './differences.ts'
import { iamResource } from './resource.ts'
import { undeclaredErrors } from './undeclared-errors.ts'

// The model bounds the Marker of requests to 320 characters. Markers of this server are sealed and contain a position
// in the list, which may be a path of 512 characters.
const marker: Shape = { type: 'string', min: 1, max: 2048 }
const pagedByMarker = Object.entries(iamModel.operations)
  .filter(([, { input }]) => {
    const shape = iamModel.shapes[input ?? '']
    return shape?.type === 'structure' && Object.hasOwn(shape.members, 'Marker')
  })
  .map(([name]) => [name, { marker }] as const)

// The service names the kinds of policies differently from its model (docs/behaviour/iam.md, "Simulations").
const simulation = { marker, evaluationResults: { type: 'document' } } as const

export const iam: Service = {
  title: 'Identity and Access Management (iam): the operations that identity pools need',
  model: iamModel,
  load: async () => (await import('./operations.ts')).iamOperations,
  signing: global(iamModel),
  validationError: 'ValidationError',
  undeclaredErrors,
  constraintOverrides: {
    ...Object.fromEntries(pagedByMarker),
    SimulateCustomPolicy: simulation,
    SimulatePrincipalPolicy: simulation,
  },
  identify: identifySigner,
  resource: (context, operation, input, caller) => iamResource(context, operation, input, { caller }),
  differences,
}
