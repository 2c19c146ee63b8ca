// Inputs of an operation, made from the contract: good ones, and ones with faults in their members.
import fc from 'fast-check'
import { matches, type Shape, type StringShape } from '../../src/contract/service-model.ts'
import { type Contract, plainText } from './contract.ts'
import { damages, type Faults } from './faults.ts'
import { isMembers, Known, replaceAt, type Tree } from './json-tree.ts'

/** Members that the contract calls optional and that hardly anything works without. */
const USUAL = ['AccessToken', 'AuthParameters', 'ChallengeResponses', 'Session']
/** An input that satisfies every constraint of the contract; it need not make sense to the operation. */
export function goodInput(contract: Contract, operation: string): fc.Arbitrary<Tree> {
  const members = [...contract.inputMembers(operation)]
  const needed = members.filter(([name, { required }]) => required || USUAL.includes(name))
  const free = members.filter((member) => !needed.includes(member))
  // Few of the optional ones at once: with all of them, one or another would always be refused.
  return fc.subarray(free, { maxLength: Math.min(3, free.length) }).chain((chosen) => {
    const parent = contract.modelOf(operation).input as string
    return fc.record(
      Object.fromEntries(
        [...needed, ...chosen].map(([name, { shape, shapeName }]) => [
          name,
          value(contract, shape, shapeName, parent, name),
        ]),
      ),
      { noNullPrototype: true },
    )
  })
}

function value(
  contract: Contract,
  shape: Shape,
  shapeName: string,
  parent: string,
  member: string,
): fc.Arbitrary<Tree> {
  const { known, shapeOf } = contract
  const inner = (name: string, inParent: string, asMember: string): fc.Arbitrary<Tree> =>
    value(contract, shapeOf(name), name, inParent, asMember)
  switch (shape.type) {
    case 'structure': {
      const members = Object.fromEntries(
        Object.entries(shape.members).map(([name, { shape: of }]) => [name, inner(of, shapeName, name)]),
      )
      return fc.record(members, { requiredKeys: [...(shape.required ?? [])], noNullPrototype: true })
    }
    case 'list': {
      const minLength = shape.min ?? 0
      const most = Math.min(shape.max ?? 3, minLength + 3)
      return fc.array(inner(shape.member, parent, member), { minLength, maxLength: most })
    }
    case 'map': {
      const { group, keys } = known.keys(parent, member, shapeName)
      if (keys.length > 0) {
        const entry = (key: string): fc.Arbitrary<Tree | undefined> =>
          known.rareKeys.test(key)
            ? fc.oneof({ weight: 7, arbitrary: fc.constant(undefined) }, inner(shape.value, group, key))
            : inner(shape.value, group, key)
        return fc
          .tuple(...keys.map(entry))
          .map((entries) => Object.fromEntries(keys.map((key, at) => [key, entries[at]] as const).filter(present)))
      }
      const key = text(shapeOf(shape.key) as StringShape)
      return fc.dictionary(key, inner(shape.value, shapeName, ''), { maxKeys: 3, noNullPrototype: true })
    }
    case 'string':
      return string(shape, known.of(parent, member))
    case 'boolean':
      return fc.boolean()
    case 'blob':
      return fc.base64String({ maxLength: 40 })
    case 'document':
      return fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Tree>
    case 'timestamp':
      return fc.integer({ min: 0, max: 4_102_444_800 })
    default:
      return fc.integer({ min: shape.min ?? -(2 ** 31), max: shape.max ?? 2 ** 31 - 1 })
  }
}

const present = (entry: readonly [string, Tree | undefined]): entry is readonly [string, Tree] => entry[1] !== undefined

function string(shape: StringShape, usual: readonly Tree[]): fc.Arbitrary<Tree> {
  const [first, ...others] = usual
  if (first === undefined) return text(shape)
  return fc.oneof(
    { weight: 6, arbitrary: fc.constant(first) },
    { weight: 3, arbitrary: others.length > 0 ? fc.constantFrom(...others) : fc.constant(first) },
    { weight: 1, arbitrary: text(shape) },
  )
}

/** Text that fits the shape. */
function text(shape: StringShape): fc.Arbitrary<string> {
  if (shape.enum) return fc.constantFrom(...shape.enum)
  const { min = 0, max = 40 } = shape
  const fits = (candidate: string): boolean =>
    [...candidate].length >= min && [...candidate].length <= max && matches(shape, candidate)
  const whole = [plainText(shape)]
  const any =
    shape.test === undefined
      ? fc.string({ unit: 'grapheme', minLength: min, maxLength: Math.max(min, Math.min(max, 40)) })
      : fc.oneof(fc.string({ unit: 'grapheme-ascii', minLength: min, maxLength: min + 20 }), matching(shape.test.regex))
  // What does not fit by chance gives way to an example that does.
  return any.map((candidate) => (fits(candidate) ? candidate : (whole[0] as string)))
}

const byRegex = new Map<string, fc.Arbitrary<string>>()

function matching(regex: string): fc.Arbitrary<string> {
  const made = byRegex.get(regex) ?? makeMatching(regex)
  byRegex.set(regex, made)
  return made
}

function makeMatching(regex: string): fc.Arbitrary<string> {
  // Classes of letters are hundreds of thousands of characters; these few stand for them.
  const few = regex.replace(/(\\p\{\w+\})+/g, 'a-zA-Z0-9!-/é\u0301中٣€😀')
  try {
    return fc.stringMatching(new RegExp(few, 'u'), { maxLength: 60 })
  } catch {
    // Not every expression can be read backwards.
    return fc.string({ unit: 'grapheme' })
  }
}

interface Site {
  path: (string | number)[]
  shape: Shape
}

/**
 * The paths of an input at which a fault can be put: each member of the top level, present or not, and all present
 * below.
 */
export function sites(contract: Contract, operation: string, input: Tree): Site[] {
  const found: Site[] = []
  for (const [name, { shape }] of contract.inputMembers(operation)) {
    const given = isMembers(input) && Object.hasOwn(input, name) ? input[name] : undefined
    found.push({ path: [name], shape })
    if (given !== undefined) found.push(...below(contract, shape, given, [name]))
  }
  return found
}

function below(contract: Contract, shape: Shape, tree: Tree, path: (string | number)[]): Site[] {
  const visit = (name: string, child: Tree, key: string | number): Site[] => [
    { path: [...path, key], shape: contract.shapeOf(name) },
    ...below(contract, contract.shapeOf(name), child, [...path, key]),
  ]
  if (shape.type === 'list' && Array.isArray(tree)) return tree.flatMap((item, at) => visit(shape.member, item, at))
  if (!isMembers(tree)) return []
  if (shape.type === 'map') return Object.keys(tree).flatMap((key) => visit(shape.value, tree[key] as Tree, key))
  if (shape.type !== 'structure') return []
  return Object.keys(tree).flatMap((key) =>
    visit((shape.members[key] as { shape: string }).shape, tree[key] as Tree, key),
  )
}

/** A good input with up to three faults. */
export function arbitraryInput(contract: Contract, faultsFor: Faults, operation: string): fc.Arbitrary<Tree> {
  const fault = fc.record({ site: fc.nat(10_000), choice: fc.nat(10_000) })
  return fc.tuple(goodInput(contract, operation), fc.array(fault, { maxLength: 3 })).map(([input, faults]) => {
    let tree = input
    for (const { site, choice } of faults) {
      const places = sites(contract, operation, tree)
      const place = places[site % places.length]
      if (place) tree = replaceAt(tree, place.path, faultAt(place, tree, choice, faultsFor))
    }
    return tree
  })
}

function faultAt({ path, shape }: Site, tree: Tree, choice: number, faultsFor: Faults): Tree | undefined {
  const current = path.reduce<Tree | undefined>(
    (at, key) => (Array.isArray(at) ? at[key as number] : isMembers(at) ? at[key] : undefined),
    tree,
  )
  // A valid value with a small change gets further into an operation than nonsense.
  if (current instanceof Known || typeof current === 'string') {
    const damage = damages[choice % (damages.length * 2)]
    if (damage) return current instanceof Known ? new Known(current.what, damage) : damage.apply(current)
  }
  const faults = faultsFor(shape)
  return faults[choice % faults.length]
}
