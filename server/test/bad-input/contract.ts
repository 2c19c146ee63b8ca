// A service's contract, for making inputs: shapes and operations by name, and the plainest input that an operation takes:
// what it requires, each member with its usual value.
import {
  matches,
  type OperationModel,
  type ServiceModel,
  type Shape,
  type StringShape,
} from '../../src/contract/service-model.ts'
import type { ConstraintOverrides, Service } from '../../src/service.ts'
import type { Tree } from './json-tree.ts'
import type { KnownValues } from './known-values.ts'

export interface InputMember {
  shapeName: string
  shape: Shape
  required: boolean
}

export class Contract {
  readonly model: ServiceModel
  readonly known: KnownValues
  readonly #overrides: ConstraintOverrides

  constructor({ model, constraintOverrides = {} }: Service, known: KnownValues) {
    this.model = model
    this.known = known
    this.#overrides = constraintOverrides
  }

  shapeOf = (name: string): Shape => this.model.shapes[name] as Shape

  modelOf = (operation: string): OperationModel => this.model.operations[operation] as OperationModel

  /** Members of an operation's input, by name, with their shapes. Overridden constraints apply to the top level. */
  inputMembers = (operation: string): Map<string, InputMember> => {
    const input = this.modelOf(operation).input
    const shape = input === undefined ? undefined : this.shapeOf(input)
    if (shape?.type !== 'structure') return new Map()
    return new Map(
      Object.entries(shape.members).map(([name, member]) => [
        name,
        {
          shapeName: member.shape,
          shape:
            this.#overrides[operation]?.[name.charAt(0).toLowerCase() + name.slice(1)] ?? this.shapeOf(member.shape),
          required: shape.required?.includes(name) ?? false,
        },
      ]),
    )
  }

  /** The members that an operation requires, and the token that some need without saying so. */
  plainInput = (operation: string): { [member: string]: Tree } => {
    const input: { [member: string]: Tree } = {}
    const { caller, input: inputName = '' } = this.modelOf(operation)
    for (const [name, { shapeName, required }] of this.inputMembers(operation)) {
      if (required || (name === 'AccessToken' && caller !== 'signed'))
        input[name] = this.#plainValue(inputName, name, shapeName)
    }
    return input
  }

  #plainValue(parent: string, member: string, shapeName: string): Tree {
    const shape = this.shapeOf(shapeName)
    switch (shape.type) {
      case 'structure':
        return Object.fromEntries(
          // A structure without anything in it would not be there in a form.
          (shape.required ?? Object.keys(shape.members).slice(0, 1)).map((name) => [
            name,
            this.#plainValue(shapeName, name, (shape.members[name] as { shape: string }).shape),
          ]),
        )
      case 'list':
        return [this.#plainValue(parent, member, shape.member)]
      case 'map': {
        const { group, keys } = this.known.keys(parent, member, shapeName)
        const [key] = keys
        return key === undefined ? {} : { [key]: this.#plainValue(group, key, shape.value) }
      }
      case 'string':
        return this.known.of(parent, member)[0] ?? plainText(shape)
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
}

const TEXTS = [
  'aaaaaa',
  'arn:aws:iam::000000000000:role/x',
  'arn:aws:sns:us-east-1:0:app/GCM/one',
  'arn:aws:s3:::logs',
  '00000000-0000-4000-8000-000000000000',
  'a@b',
  'us-east-1_a',
  'us-east-1:0',
  'cognito:default',
  '{####}',
  '{##a##}',
  'import-1',
  'terms-of-use',
  '123456',
  '/',
  'v1',
  'A'.repeat(24),
]

/** A text that fits the shape. */
export function plainText(shape: StringShape): string {
  const text = shape.enum?.[0] ?? TEXTS.find((candidate) => matches(shape, candidate.padEnd(shape.min ?? 0, 'a')))
  if (text === undefined) throw new Error(`No example is known for the pattern ${shape.pattern}: add one to TEXTS.`)
  return text.padEnd(shape.min ?? 0, 'a')
}
