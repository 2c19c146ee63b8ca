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

/** `auth` repeats `authtype`; `box` and deprecation say nothing about the wire. */
const LEFT_OUT = {
  operation: ['documentation', 'auth'],
  shape: ['documentation'],
  member: ['documentation', 'box', 'deprecated', 'deprecatedMessage'],
}

export function stripModel(service, aws) {
  return {
    metadata: Object.fromEntries(METADATA.filter((key) => key in aws.metadata).map((key) => [key, aws.metadata[key]])),
    operations: sorted(
      mapValues(aws.operations, (operation, name) => strip('operation', operation, `${service} ${name}`)),
    ),
    shapes: sorted(mapValues(aws.shapes, (shape, name) => stripShape(shape, `${service} ${name}`))),
  }
}

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
