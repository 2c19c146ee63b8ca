// The plainest input that an operation takes: what it requires, each member with its usual value.
import { constraintOverrides } from '../../src/api/constraint-overrides.ts'
import { cognitoIdpModel } from '../../src/contract/cognito-idp.model.ts'
import { matches, type OperationModel, type Shape, type StringShape } from '../../src/contract/service-model.ts'
import type { Tree } from './json-tree.ts'
import { knownValues } from './known-values.ts'

export const shapeOf = (name: string): Shape => cognitoIdpModel.shapes[name] as Shape
export const modelOf = (operation: string): OperationModel => cognitoIdpModel.operations[operation] as OperationModel

/** Members of an operation's input, by name, with their shapes. Overridden constraints apply to the top level. */
export function inputMembers(operation: string): Map<string, { shapeName: string; shape: Shape; required: boolean }> {
  const input = modelOf(operation).input
  const shape = input === undefined ? undefined : shapeOf(input)
  if (shape?.type !== 'structure') return new Map()
  return new Map(
    Object.entries(shape.members).map(([name, member]) => [
      name,
      {
        shapeName: member.shape,
        shape: constraintOverrides[operation]?.[name.charAt(0).toLowerCase() + name.slice(1)] ?? shapeOf(member.shape),
        required: shape.required?.includes(name) ?? false,
      },
    ]),
  )
}

/** The members that an operation requires, and the token that some need without saying so. */
export function plainInput(operation: string): { [member: string]: Tree } {
  const input: { [member: string]: Tree } = {}
  const { caller, input: inputName = '' } = modelOf(operation)
  for (const [name, { shapeName, required }] of inputMembers(operation)) {
    if (required || (name === 'AccessToken' && caller !== 'signed'))
      input[name] = plainValue(inputName, name, shapeName)
  }
  return input
}

function plainValue(parent: string, member: string, shapeName: string): Tree {
  const shape = shapeOf(shapeName)
  switch (shape.type) {
    case 'structure':
      return Object.fromEntries(
        (shape.required ?? []).map((name) => [
          name,
          plainValue(shapeName, name, (shape.members[name] as { shape: string }).shape),
        ]),
      )
    case 'list':
      return [plainValue(parent, member, shape.member)]
    case 'map':
      return {}
    case 'string':
      return knownValues(parent, member)[0] ?? plainText(shape)
    case 'boolean':
      return false
    case 'blob':
      return 'AAAA'
    case 'document':
      return {}
    case 'timestamp':
      return 1_767_225_600
    default:
      return Math.max(shape.min ?? 1, 1)
  }
}

const TEXTS = [
  'aaaaaa',
  'arn:aws:iam::000000000000:role/x',
  '00000000-0000-4000-8000-000000000000',
  'a@b',
  'us-east-1_a',
  'cognito:default',
  '{####}',
  '{##a##}',
  'import-1',
  'terms-of-use',
  '123456',
]

export function plainText(shape: StringShape): string {
  const text = shape.enum?.[0] ?? TEXTS.find((candidate) => matches(shape, candidate.padEnd(shape.min ?? 0, 'a')))
  if (text === undefined) throw new Error(`No example is known for the pattern ${shape.pattern}: add one to TEXTS.`)
  return text.padEnd(shape.min ?? 0, 'a')
}
