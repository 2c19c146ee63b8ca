// Reading and storing AWS service models (botocore's JSON form) without their documentation.
//
// Every key is either kept or left out by name: a trait that this generator has never seen stops it, so that nothing
// which changes the wire format or a constraint is lost in silence.

const METADATA = ['apiVersion', 'endpointPrefix', 'protocol', 'signingName', 'targetPrefix', 'xmlNamespace']

const KEPT = {
  operation: ['name', 'http', 'input', 'output', 'errors', 'authtype'],
  shape: [
    ...['type', 'members', 'required', 'payload', 'member', 'key', 'value', 'document'],
    ...['min', 'max', 'pattern', 'enum', 'sensitive', 'exception', 'error', 'fault'],
  ],
  member: ['shape', 'location', 'locationName'],
}

/** `auth` repeats `authtype`; `box`, unions and deprecation say nothing about the wire. */
const LEFT_OUT = {
  operation: ['documentation', 'auth'],
  shape: ['documentation', 'box', 'union'],
  member: ['documentation', 'box', 'deprecated', 'deprecatedMessage'],
}

/** `only`: the operations to take, with the shapes that they reach; all of them when absent. */
export function stripModel(service, aws, only) {
  const missing = only?.filter((name) => !aws.operations[name])
  if (missing?.length > 0) throw new Error(`${service} has no operation ${missing.join(', ')}`)
  const operations = only ? pick(aws.operations, only) : aws.operations
  const shapes = only ? pick(aws.shapes, reachable(aws.shapes, operations)) : aws.shapes
  return {
    metadata: Object.fromEntries(METADATA.filter((key) => key in aws.metadata).map((key) => [key, aws.metadata[key]])),
    operations: sorted(mapValues(operations, (operation, name) => strip('operation', operation, `${service} ${name}`))),
    shapes: sorted(mapValues(shapes, (shape, name) => stripShape(shape, `${service} ${name}`))),
  }
}

/** Names of the shapes that inputs, outputs and errors of the operations are made of. */
function reachable(shapes, operations) {
  const names = new Set()
  const visit = (part) => {
    if (!part || names.has(part.shape)) return
    names.add(part.shape)
    const { members = {}, member, key, value } = shapes[part.shape]
    for (const inner of [...Object.values(members), member, key, value]) visit(inner)
  }
  for (const { input, output, errors = [] } of Object.values(operations))
    for (const end of [input, output, ...errors]) visit(end)
  return names
}

const pick = (object, names) => Object.fromEntries([...names].map((name) => [name, object[name]]))

/** The stored form: one line per operation and per shape, so that a new version of a model is a readable diff. */
export function modelText({ metadata, operations, shapes }) {
  return `{
"metadata": ${JSON.stringify(metadata)},
"operations": ${lines(operations)},
"shapes": ${lines(shapes)}
}
`
}

export function mapValues(object, change) {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value, key)]))
}

export function sorted(object) {
  return Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)))
}

function stripShape(shape, where) {
  const kept = strip('shape', shape, where)
  for (const part of ['member', 'key', 'value']) {
    if (kept[part]) kept[part] = strip('member', kept[part], `${where}.${part}`)
  }
  if (kept.members)
    kept.members = mapValues(kept.members, (member, name) => strip('member', member, `${where}.${name}`))
  return kept
}

function strip(kind, object, where) {
  for (const key of Object.keys(object)) {
    if (!KEPT[kind].includes(key) && !LEFT_OUT[kind].includes(key)) throw new Error(`${where}: unknown trait "${key}"`)
  }
  return Object.fromEntries(KEPT[kind].filter((key) => key in object).map((key) => [key, object[key]]))
}

function lines(object) {
  return `{\n${Object.entries(object)
    .map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`)
    .join(',\n')}\n}`
}
