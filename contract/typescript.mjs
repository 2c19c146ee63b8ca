// The text of the generated TypeScript modules. Plain concatenation in the order of the model: the same model always gives
// the same bytes.

/** Names a structure must not take: interfaces of the same file would hide them from members of these types. */
const BUILT_IN = ['Date', 'Uint8Array']

/** `<service>.model.ts`: the model as data, one line per operation, shape and error. */
export function modelModule({ operations, shapes, errors, ...facts }) {
  const head = Object.entries(facts).filter(([, value]) => value !== undefined)
  return `import type { ServiceModel } from './service-model.ts'

export const ${camelCase(facts.service)}Model: ServiceModel = {
${head.map(([key, value]) => `  ${key}: ${code(value)},\n`).join('')}  operations: {
${table(operations)}  },
  shapes: {
${table(shapes)}  },
  errors: {
${table(errors)}  },
}
`
}

/** `<service>.types.ts`: an interface per structure, a union per enum, and the table of operations. */
export function typesModule({ service, operations, shapes }) {
  const isStructure = (name) => shapes[name].type === 'structure'
  const clash = BUILT_IN.find((name) => Object.hasOwn(shapes, name) && isStructure(name))
  if (clash) throw new Error(`${service} has a structure named ${clash}`)
  // Cognito Sync has a structure named Record; an index signature says the same as the built-in.
  const record = Object.hasOwn(shapes, 'Record')
    ? (value) => `{ [key: string]: ${value} }`
    : (value) => `Record<string, ${value}>`

  const typeOf = (name) => {
    const shape = shapes[name]
    switch (shape.type) {
      case 'structure':
        return name
      case 'list':
        return `${typeOf(shape.member)}[]`
      case 'map':
        return record(typeOf(shape.value))
      case 'string':
        return shape.enum ? name : 'string'
      case 'boolean':
        return 'boolean'
      case 'timestamp':
        return 'Date'
      case 'blob':
        return 'Uint8Array'
      case 'document':
        return 'unknown'
      default:
        return 'number'
    }
  }
  const declaration = (name) => {
    const { enum: values, members, required = [] } = shapes[name]
    if (values) return `export type ${name} = ${values.map(code).join(' | ')}\n`
    if (!members) return undefined
    const lines = Object.entries(members).map(
      ([member, { shape }]) => `  ${key(member)}${required.includes(member) ? '' : '?'}: ${typeOf(shape)}\n`,
    )
    // An empty interface would accept any value.
    return lines.length === 0
      ? `export type ${name} = ${record('never')}\n`
      : `export interface ${name} {\n${lines.join('')}}\n`
  }
  const operationLine = ([name, { input, output, errors, caller }]) => {
    const types = `input: ${input ?? record('never')}; output: ${output ?? 'void'}`
    return `  ${name}: { ${types}; errors: ${errors.map(code).join(' | ') || 'never'}; caller: ${code(caller)} }\n`
  }

  const declarations = Object.keys(shapes).map(declaration).filter(Boolean)
  const name = camelCase(service)
  return `
${declarations.join('\n')}
export interface ${name[0].toUpperCase()}${name.slice(1)}Operations {
${Object.entries(operations).map(operationLine).join('')}}
`
}

/** `error-names.ts`: one union of the errors of all services. */
export function errorNamesModule(models) {
  const names = [...new Set(models.flatMap(({ errors }) => Object.keys(errors)))].sort()
  return `
/** Every error that the contract of a service declares. */
export type DeclaredErrorName =
${names.map((name) => `  | ${code(name)}\n`).join('')}`
}

function table(entries) {
  return Object.entries(entries)
    .map(([name, value]) => `    ${key(name)}: ${code(value)},\n`)
    .join('')
}

/** A value as a literal on one line, members without a value left out. */
function code(value) {
  if (typeof value === 'string')
    return `'${JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
  if (Array.isArray(value)) return `[${value.map(code).join(', ')}]`
  if (typeof value !== 'object') return String(value)
  const members = Object.entries(value).filter(([, member]) => member !== undefined)
  return members.length === 0
    ? '{}'
    : `{ ${members.map(([name, member]) => `${key(name)}: ${code(member)}`).join(', ')} }`
}

function key(name) {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : code(name)
}

function camelCase(service) {
  return service.replace(/-(\w)/g, (_, letter) => letter.toUpperCase())
}
