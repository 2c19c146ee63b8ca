// The type of a service of the AWS API: what it adds to the path that all requests share (api/pipeline.ts). Each
// service is defined in <service>/service.ts; api/services.ts lists them.
import type { SigningRules } from './authorization/signer.ts'
import type { Config } from './config/config.ts'
import type { Context } from './context.ts'
import type { OperationModel, ServiceModel, Shape } from './contract/service-model.ts'
import type { ErrorName } from './errors.ts'
import type { AnyCaller, AnyOperation, SignedCaller } from './operation.ts'
import type { ContextEntries } from './policy/request-context.ts'

/** The resource of an action: its ARN (`*` for an action without a particular resource) and its tags. */
export interface Resource {
  arn: string
  tags?: Readonly<Record<string, string>> | undefined
  /** Further condition keys of the resource, such as the boundary of a role; keys from the input take precedence. */
  keys?: ContextEntries
}

type ActedOn = Resource | readonly Resource[] | undefined

/** Shapes that replace the model's, by operation and by the path of a member in its input or output. */
export type ConstraintOverrides = Readonly<Record<string, Readonly<Record<string, Shape>>>>

/** Errors that a service answers with although its contract does not declare them for the operation. */
export type UndeclaredErrors = Readonly<Partial<Record<ErrorName, UndeclaredError>>>

interface UndeclaredError {
  readonly why: string
  /** Whether an operation may answer with it; without this, all may. */
  readonly by?: (operation: string, model: OperationModel) => boolean
}

export interface Service {
  /** The service's heading in docs/compatibility.md. */
  readonly title: string
  readonly model: ServiceModel
  /** Loads the operations. They are most of the server's files, so they are imported only when needed. */
  readonly load: () => Promise<readonly AnyOperation[]>
  /** Whether the start waits for `load`. Other services are loaded while the first requests are served. */
  readonly loadedAtStart?: true
  readonly signing: (config: Config) => SigningRules
  /** The name of the error for an input that violates constraints of the contract. */
  readonly validationError: ErrorName
  readonly undeclaredErrors?: UndeclaredErrors
  /** Constraints that the service is known to check instead of those in its model. */
  readonly constraintOverrides?: ConstraintOverrides
  /**
   * Looks up the caller and the resources that the input names, for the operation. Throws when one does not exist.
   * `addressedIn`: the region that the address of the request names (http/request-region-rules.ts).
   */
  readonly identify: (
    context: Context,
    operation: NamedOperation,
    input: Record<string, unknown>,
    signer: SignedCaller | undefined,
    addressedIn?: string,
  ) => Promise<Resources>
  /**
   * The resources of a signed call, which need not exist: one, or several that must all be allowed; undefined when the
   * operation authorizes the call itself.
   */
  readonly resource: (
    context: Context,
    operation: string,
    input: Record<string, unknown>,
    caller: SignedCaller,
  ) => ActedOn | Promise<ActedOn>
  /** Whether an operation needs exponentiations or signatures: it is admitted as a whole then (api/costly-calls.ts). */
  readonly isCostly?: (operation: string, config: Config) => boolean
  /** Whether an operation is sent large bodies (api/limits.ts). */
  readonly isLarge?: (operation: string) => boolean
  /** Whether a call of an operation is within the rates that all clients of the service share; counts it. */
  readonly withinRate?: (context: Context, operation: string) => Promise<boolean>
  /** Whether a refused public call was a guess at a secret, which costs its address more (api/rate-limit.ts). */
  readonly wasGuess?: (operation: string, input: Record<string, unknown>, error: ErrorName) => boolean
  /** The entity tag of an answer, quotes included: a client that names it gets 304 in its place (api/entity-tag.ts). */
  readonly entityTag?: (operation: string, output: unknown) => string | undefined
  /** Differences of implemented operations from the service's, by operation, for docs/compatibility.md. */
  readonly differences?: Readonly<Record<string, Difference>>
}

/** An operation of the contract. */
export interface NamedOperation {
  readonly name: string
  readonly model: OperationModel
}

export interface Resources {
  caller: AnyCaller
  /** The user pool or identity pool that the call is about. */
  pool?: { readonly id: string } | undefined
}

/**
 * `missing` names what the operation does not do, or refuses, that it does at the service: docs/compatibility.md then calls
 * it "partly". `differs` names what is done in another way, with nothing missing: it stays "done".
 */
export type Difference = { readonly missing: string; readonly differs?: string } | { readonly differs: string }

const MINUTE = 60

/** Signatures of JSON services are regional and strict about time (docs/reference/identity-pools-sts-iam-sync.md 14.1). */
export const regional =
  ({ signingName }: ServiceModel): Service['signing'] =>
  ({ regions }) => ({ service: signingName, regions, skewSeconds: 5 * MINUTE })

/** Signatures of STS and IAM are neither (the same section). */
export const global =
  ({ signingName }: ServiceModel): Service['signing'] =>
  () => ({ service: signingName, regions: undefined, skewSeconds: 15 * MINUTE })

/** `identify` for services that look up nothing before an operation runs: the caller is the signer, or anonymous. */
export const identifySigner: Service['identify'] = async (_context, _operation, _input, signer) => ({
  caller: signer ?? { kind: 'anonymous' },
})
