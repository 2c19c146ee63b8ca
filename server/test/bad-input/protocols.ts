// The two ways in which a request says what it wants: AWS JSON, and the forms of the query protocol.
import type { ServiceModel } from '../../src/contract/service-model.ts'
import { type Faults, jsonFaults, jsonRequestFaults, type RequestFault } from './faults.ts'
import { formFaults, formRequestFaults } from './form-faults.ts'
import { type Look, type Tree, toForm, toText } from './json-tree.ts'

export interface Protocol {
  /** The text of a request. */
  write(model: ServiceModel, operation: string, tree: Tree, look: Look): string
  /** The members of what was sent, as well as they can be read. */
  read(sent: Uint8Array): Record<string, unknown> | undefined
  faultsFor: Faults
  requestFaults(good: string): RequestFault[]
  /** What a request is answered with that cannot be read, or names no operation. */
  unread: readonly string[]
}

const json: Protocol = {
  write: (_model, _operation, tree, look) => toText(tree, look),
  read(sent) {
    try {
      const input: unknown = JSON.parse(Buffer.from(sent).toString('utf8'))
      return typeof input === 'object' && input !== null ? (input as Record<string, unknown>) : undefined
    } catch {
      return undefined
    }
  },
  faultsFor: jsonFaults,
  requestFaults: jsonRequestFaults,
  unread: ['SerializationException'],
}

const query: Protocol = {
  write: ({ apiVersion }, operation, tree, look) =>
    [`Action=${operation}`, `Version=${apiVersion}`, ...toForm(tree, look)].join('&'),
  // Secrets are at the top level of forms.
  read: (sent) => Object.fromEntries(new URLSearchParams(Buffer.from(sent).toString('utf8'))),
  faultsFor: formFaults,
  requestFaults: formRequestFaults,
  unread: ['MalformedInput', 'InvalidAction', 'UnknownOperationException'],
}

export const protocols: Readonly<Record<ServiceModel['protocol'], Protocol>> = { json, query, 'rest-json': json }
