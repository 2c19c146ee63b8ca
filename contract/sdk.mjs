// What the JavaScript SDK of user pools knows and the published service model does not yet: newer operations, members
// that known structures gained, newer enum values and declared errors. It only adds; where both speak, the model stays.
//
// Three sources inside the package, each for what only it has:
//   runtime schemas (dist-cjs)       member order, shape names of structures and sensitive strings, traits
//   interfaces (dist-types/models)   required or not, the enum behind a string
//   examples (dist-types/commands)   the names of list and map shapes; and the declared errors (@throws)
// Lengths and patterns are in none of them. A new member gets them only where it shares a shape with a known member.
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { sorted } from './aws-model.mjs'

/** Numbers by which a runtime schema names its own kind, and a member its plain type. */
const STRUCTURE = 3
const OPERATION = 9
const STRING = 0
const LIST = 64
const MAP = 128
const PLAIN = {
  0: { type: 'string', shape: 'StringType' },
  1: { type: 'integer', shape: 'IntegerType' },
  2: { type: 'boolean', shape: 'BooleanType' },
  4: { type: 'timestamp', shape: 'DateType' },
  15: { type: 'structure', shape: 'Document' },
}
const SENSITIVE = 8

/** Share of a member name's uses that must agree on one shape before a new member of that name takes it too. */
const CONSISTENT = 0.9

/** Adds to `model` (a stripped service model) what the SDK installed at `directory` knows beyond it. */
export function addNewer(model, directory) {
  const sdk = loadSdk(directory)
  const shapeOfMember = usualShapes(model.shapes)

  for (const [name, schema] of sdk.operations) {
    model.operations[name] ??= newOperation(name, schema)
    const { errors } = model.operations[name]
    for (const error of sdk.errors.get(name)) {
      if (!errors.some(({ shape }) => shape === error)) errors.push({ shape: error })
      if (!model.shapes[error]) addError(error)
    }
  }
  for (const [name, schema] of sdk.structures) {
    if (model.shapes[name]) addMembers(name, schema)
  }
  for (const [name, shape] of Object.entries(model.shapes)) {
    if (shape.enum) shape.enum = [...new Set([...shape.enum, ...(sdk.enumValues(name) ?? [])])]
  }
  model.operations = sorted(model.operations)
  model.shapes = sorted(model.shapes)

  function newOperation(name, schema) {
    const hasOutput = Array.isArray(resolved(schema[5]))
    return {
      name,
      http: { method: 'POST', requestUri: '/' },
      input: { shape: shapeFor(schema[4]) },
      ...(hasOutput && { output: { shape: shapeFor(schema[5]) } }),
      errors: [],
      ...(sdk.isUnsigned(name) && { authtype: 'none' }),
    }
  }

  function addMembers(name, schema) {
    const shape = model.shapes[name]
    const [, , , , members, references] = schema
    members.forEach((member, index) => {
      if (shape.members[member]) return
      const declared = sdk.interfaces.get(name).get(member)
      shape.members[member] = { shape: shapeFor(references[index], declared.type, `${name}.${member}`) }
      if (!declared.optional) shape.required = [...(shape.required ?? []), member]
    })
  }

  function addError(name) {
    const [, , , traits, members] = sdk.schemas.get(name)
    const shape = { type: 'structure', members: {}, exception: true, ...(traits.error === 'server' && { fault: true }) }
    for (const member of members) shape.members[member] = { shape: 'StringType' }
    model.shapes[name] = shape
  }

  /**
   * The name of the shape behind a schema reference, added to the model when it is new. `type` is the TypeScript type of
   * the member `path` ("Structure.member"); named schemas need neither.
   */
  function shapeFor(reference, type, path) {
    const schema = resolved(reference)
    if (Array.isArray(schema)) return addNamed(schema, type)
    if (schema === STRING && type !== 'string') return addShape(type, { type: 'string', enum: sdk.enumValues(type) })
    if (schema >= LIST) return addCollection(schema, type, path)
    const plain = PLAIN[schema]
    if (!plain) throw new Error(`${path}: no shape known for a member of kind ${schema}`)
    const usual = shapeOfMember.get(path?.split('.')[1])
    return usual && model.shapes[usual].type === plain.type ? usual : plain.shape
  }

  function addNamed(schema, type) {
    const [kind, , name, traits, ...references] = schema
    if (model.shapes[name]) return name
    const sensitive = traits & SENSITIVE && { sensitive: true }
    if (kind === STRUCTURE) {
      addShape(name, { type: 'structure', members: {}, ...sensitive })
      addMembers(name, schema)
      return name
    }
    if (kind === STRING) return addShape(name, { type: 'string', ...sensitive })
    return addShape(name, { ...collection(kind === 1 ? LIST : MAP, references, type), ...sensitive })
  }

  /** Lists and maps of plain values are nameless in the schema; the example, or the only known one of its type, names them. */
  function addCollection(schema, type, path) {
    const references = schema >= MAP ? [STRING, schema - MAP] : [schema - LIST]
    const made = collection(schema >= MAP ? MAP : LIST, references, type)
    const alike = Object.keys(model.shapes).filter((name) => {
      const { type, member, value } = model.shapes[name]
      return type === made.type && (member ?? value).shape === (made.member ?? made.value).shape
    })
    const name = sdk.collectionNames.get(path) ?? (alike.length === 1 ? alike[0] : undefined)
    if (!name) throw new Error(`${path}: no name found for this ${made.type}`)
    return addShape(name, made)
  }

  function collection(kind, references, type) {
    const element = /^(?:Record<string, (.+)>|(.+)\[\])$/.exec(type)
    const shapes = references.map((reference, index) => ({
      shape: shapeFor(reference, index === references.length - 1 ? (element[1] ?? element[2]) : 'string'),
    }))
    return kind === LIST ? { type: 'list', member: shapes[0] } : { type: 'map', key: shapes[0], value: shapes[1] }
  }

  function addShape(name, shape) {
    model.shapes[name] ??= shape
    return name
  }
}

function loadSdk(directory) {
  const runtime = createRequire(import.meta.url)(join(directory, 'dist-cjs/index.js'))
  const schemas = new Map(
    Object.keys(runtime)
      .filter((key) => key.endsWith('$'))
      .map((key) => [key.slice(0, -1), runtime[key]]),
  )
  const ofKind = (kind) => new Map([...schemas].filter(([, schema]) => schema[0] === kind))
  const { httpAuthSchemeProvider } = new runtime.CognitoIdentityProviderClient({ region: 'us-east-1' }).config

  const types = join(directory, 'dist-types/models')
  const interfaces = readInterfaces(
    readdirSync(types)
      .map((file) => readFileSync(join(types, file), 'utf8'))
      .join('\n'),
  )
  const errors = new Map()
  const collectionNames = new Map()
  for (const name of ofKind(OPERATION).keys()) {
    const text = readFileSync(join(directory, `dist-types/commands/${name}Command.d.ts`), 'utf8')
    const thrown = [...text.matchAll(/@throws \{@link (\w+Exception)\}/g)].map(([, error]) => error)
    errors.set(
      name,
      thrown.filter((error) => error !== 'CognitoIdentityProviderServiceException'),
    )
    readCollectionNames(text, collectionNames)
  }
  return {
    schemas,
    operations: ofKind(OPERATION),
    structures: ofKind(STRUCTURE),
    interfaces,
    errors,
    collectionNames,
    enumValues: (name) => (runtime[name] ? Object.values(runtime[name]) : undefined),
    isUnsigned: (operation) =>
      httpAuthSchemeProvider({ operation, region: 'us-east-1' })[0].schemeId === 'smithy.api#noAuth',
  }
}

/** Interface name -> member -> its type, and whether `?` marks it optional. */
function readInterfaces(text) {
  const interfaces = new Map()
  const code = text.replace(/\/\*\*[\s\S]*?\*\//g, '')
  for (const [, name, body] of code.matchAll(/^export interface (\w+) \{\n([\s\S]*?)^\}/gm)) {
    const members = [...body.matchAll(/^ +(\w+)(\??): (.+?)(?: \| undefined)?;$/gm)]
    interfaces.set(name, new Map(members.map(([, member, mark, type]) => [member, { type, optional: mark === '?' }])))
  }
  return interfaces
}

/** From an example such as `const input = { // SomeRequest` ... `Scopes: [ // ScopeListType`: SomeRequest.Scopes -> ScopeListType. */
function readCollectionNames(text, names) {
  const open = []
  for (const line of text.slice(0, text.indexOf('@param')).split('\n')) {
    const code = line.replace(/^ \* (\/\/ )?/, '')
    const opening = /^ *(?:const input = |(\w+): |"<keys>": )?[{[](?: \/\/ (\w+).*)?$/.exec(code)
    if (opening) {
      const [, member, shape] = opening
      if (member && shape && open.at(-1)) names.set(`${open.at(-1)}.${member}`, shape)
      open.push(shape)
    } else if (/^ *[}\]][,;]*$/.test(code)) open.pop()
  }
}

/** Member name -> the shape that nearly all members of that name have; names on which the model wavers are absent. */
function usualShapes(shapes) {
  const counts = new Map()
  for (const { members = {} } of Object.values(shapes)) {
    for (const [name, { shape }] of Object.entries(members)) {
      const uses = counts.get(name) ?? new Map()
      counts.set(name, uses.set(shape, (uses.get(shape) ?? 0) + 1))
    }
  }
  const usual = new Map()
  for (const [name, uses] of counts) {
    const [shape, most] = [...uses].sort(([, a], [, b]) => b - a)[0]
    const all = [...uses.values()].reduce((sum, count) => sum + count)
    if (most / all >= CONSISTENT) usual.set(name, shape)
  }
  return usual
}

/** References are numbers, functions (for forward references) or [reference, traits]; named schemas carry a namespace. */
function resolved(reference) {
  if (typeof reference === 'function') return resolved(reference())
  return Array.isArray(reference) && typeof reference[1] !== 'string' ? resolved(reference[0]) : reference
}
