// From a stripped AWS model to the `ServiceModel` that the server reads (types in service-model.template.ts).
import { mapValues } from './aws-model.mjs'
import { patternTest } from './patterns.mjs'

/**
 * Who may call follows from the model: not signed + an AccessToken member = a user. The exceptions:
 * - software tokens are set up by a signed-in user, or during sign-in with a Session alone;
 * - GetClientToken proves its caller by the client secret; IAM does not apply although SDKs sign it.
 */
const CALLER_EXCEPTIONS = {
  AssociateSoftwareToken: 'token-or-session',
  VerifySoftwareToken: 'token-or-session',
  GetClientToken: 'public',
}

export function serviceModel(service, { metadata, operations, shapes }) {
  const used = reachable(operations, shapes)
  const isError = ([, shape]) => shape.exception
  return {
    service,
    protocol: metadata.protocol,
    apiVersion: metadata.apiVersion,
    targetPrefix: metadata.targetPrefix,
    signingName: metadata.signingName ?? metadata.endpointPrefix,
    xmlNamespace: metadata.xmlNamespace,
    operations: mapValues(operations, (operation) => operationModel(operation, metadata.protocol, shapes)),
    shapes: Object.fromEntries([...used].sort().map((name) => [name, shapeModel(shapes[name], `${service} ${name}`)])),
    errors: mapValues(Object.fromEntries(Object.entries(shapes).filter(isError)), errorModel),
  }
}

function operationModel(operation, protocol, shapes) {
  const { name, http, input, output, errors = [], own } = operation
  return {
    input: input?.shape,
    output: output?.shape,
    errors: errors.map(({ shape }) => shape),
    caller: callerOf(name, operation, shapes),
    // In the other protocols every operation is POST /.
    http: protocol === 'rest-json' ? { method: http.method, uri: http.requestUri, code: http.responseCode } : undefined,
    resultWrapper: output?.resultWrapper,
    own,
  }
}

function callerOf(name, { authtype, input }, shapes) {
  if (CALLER_EXCEPTIONS[name]) return CALLER_EXCEPTIONS[name]
  if (authtype !== 'none') return 'signed'
  return shapes[input.shape].members.AccessToken ? 'user-token' : 'public'
}

function shapeModel(shape, where) {
  const { type, min, max, sensitive } = shape
  const limits = { min, max, sensitive }
  switch (type) {
    case 'structure':
      if (shape.document) return { type: 'document' }
      return {
        type,
        members: mapValues(shape.members, ({ shape: name, location, locationName }, member) => ({
          ...{ shape: name, location, locationName },
          payload: shape.payload === member || undefined,
        })),
        required: shape.required,
        sensitive,
      }
    case 'list':
      return { type, member: shape.member.shape, ...limits }
    case 'map':
      return { type, key: shape.key.shape, value: shape.value.shape, ...limits }
    case 'string': {
      const { pattern } = shape
      return { type, ...limits, enum: shape.enum, pattern, test: pattern && patternTest(shape, where) }
    }
    default:
      return { type, ...limits }
  }
}

/** JSON 1.1 answers 400 for every client fault, whatever newer SDKs note; docs of the service and captures agree. */
function errorModel({ error = {}, fault, members }) {
  return { status: error.httpStatusCode ?? (fault ? 500 : 400), code: error.code, members: Object.keys(members) }
}

/** Names of the shapes that inputs and outputs are made of; errors have a table of their own. */
function reachable(operations, shapes) {
  const names = new Set()
  const visit = (name) => {
    if (names.has(name)) return
    names.add(name)
    const { members = {}, member, key, value } = shapes[name]
    for (const part of [...Object.values(members), member, key, value]) if (part) visit(part.shape)
  }
  for (const { input, output } of Object.values(operations))
    for (const end of [input, output]) if (end) visit(end.shape)
  return names
}
