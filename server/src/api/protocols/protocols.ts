// How each protocol reads an input and writes an answer or an error.
import type { OperationModel, ServiceModel } from '../../contract/service-model.ts'
import type { ApiError, ErrorName } from '../../errors.ts'
import type { ApiRequest, ApiResponse } from '../../http/request.ts'
import { CONTENT_TYPE, readJsonInput, writeJsonError, writeJsonOutput } from './aws-json.ts'
import { queryErrorParts, readQueryInput, writeQueryError, writeQueryOutput } from './aws-query.ts'
import { readRestInput } from './rest-json.ts'

/** The operation that a request names. */
export interface Target {
  readonly service: { readonly model: ServiceModel }
  readonly name: string
  readonly model: OperationModel
}

export interface Protocol {
  readonly contentType: string
  /** The input in the form of the contract. Throws the protocol's own error for a body that cannot be read. */
  read(target: Target, request: ApiRequest): Record<string, unknown>
  write(target: Target, output: unknown, requestId: string): string
  writeError(target: Target | undefined, error: ApiError, requestId: string): ApiResponse
}

const json: Protocol = {
  contentType: CONTENT_TYPE,
  read: ({ service, model }, request) => readJsonInput(service.model, model.input, request.body),
  write: ({ service, model }, output) => writeJsonOutput(service.model, model.output, output),
  writeError: (target, error) => jsonError(target, error, CONTENT_TYPE, true),
}

/** Errors of signatures and policies, which have the status 403 here (docs/reference/identity-pools-sts-iam-sync.md 14.3). */
const FORBIDDEN: ReadonlySet<ErrorName> = new Set([
  'AccessDeniedException',
  'ExpiredTokenException',
  'IncompleteSignatureException',
  'InvalidSignatureException',
  'MissingAuthenticationTokenException',
  'UnrecognizedClientException',
])

const restJson: Protocol = {
  contentType: 'application/json',
  read: readRestInput,
  write: json.write,
  writeError(target, error) {
    const response = jsonError(target, error, restJson.contentType, false)
    return FORBIDDEN.has(error.name) ? { ...response, status: 403 } : response
  },
}

function jsonError(
  target: Target | undefined,
  { name, message, status }: ApiError,
  contentType: string,
  named: boolean,
): ApiResponse {
  const { headers, body } = writeJsonError(name, message, named)
  return {
    status: status ?? target?.service.model.errors[name]?.status ?? 400,
    headers: { 'content-type': contentType, ...headers },
    body,
  }
}

const query: Protocol = {
  contentType: 'text/xml',
  read: ({ service, model }, request) => readQueryInput(service.model, model.input, request),
  write: ({ service, name, model }, output, requestId) =>
    writeQueryOutput(service.model, name, model, output, requestId),
  writeError(target, error, requestId) {
    const known = queryErrorParts(target?.service.model, target?.model, error)
    return {
      status: known.status,
      headers: { 'content-type': 'text/xml' },
      body: writeQueryError(target?.service.model.xmlNamespace, known, requestId),
    }
  },
}

export const protocols: Readonly<Record<ServiceModel['protocol'], Protocol>> = {
  json,
  'rest-json': restJson,
  query,
}
