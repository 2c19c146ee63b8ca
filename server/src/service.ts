// What a service of the AWS API is: what it adds to the path that all requests share (api/pipeline.ts). Each service has
// a file of its own that says it, <service>/service.ts; api/services.ts lists them.
import type { SigningRules } from './authorization/signer.ts'
import type { Config } from './config/config.ts'
import type { Context } from './context.ts'
import type { OperationModel, ServiceModel, Shape } from './contract/service-model.ts'
import type { ErrorName } from './errors.ts'
import type { AnyCaller, AnyOperation, SignedCaller } from './operation.ts'
import type { ContextEntries } from './policy/request-context.ts'

/** What an action is on: an ARN, or `*` when it is on nothing in particular, and the tags it carries. */
export interface Resource {
  arn: string
  tags?: Readonly<Record<string, string>> | undefined
  /** Condition keys that tell of it, such as the boundary of a role; those of the input win. */
  keys?: ContextEntries
}

type Acted = Resource | readonly Resource[] | undefined

/** By operation, and by the path of the member in the operation's input or output: the shape that counts instead of the model's. */
export type ConstraintOverrides = Readonly<Record<string, Readonly<Record<string, Shape>>>>

/** Errors that a service answers with although its contract leaves them out of the lists of operations. */
export type UndeclaredErrors = Readonly<Partial<Record<ErrorName, UndeclaredError>>>

interface UndeclaredError {
  readonly why: string
  /** Whether an operation may answer with it; without this, all may. */
  readonly by?: (operation: string, model: OperationModel) => boolean
}

export interface Service {
  /** Its heading in docs/compatibility.md. */
  readonly title: string
  readonly model: ServiceModel
  /** Its operations. They are most of the server's files, so they are in a file that is loaded when `load` is called. */
  readonly load: () => Promise<readonly AnyOperation[]>
  /** Whether a start waits for its operations. Those of other services are loaded while the first requests come. */
  readonly loadedAtStart?: true
  readonly signing: (config: Config) => SigningRules
  /** The error that says which constraints an input breaks. */
  readonly validationError: ErrorName
  readonly undeclaredErrors?: UndeclaredErrors
  /** Where the service is known to check other constraints than its model states. */
  readonly constraintOverrides?: ConstraintOverrides
  /** The caller and what the input names; operations get all of it. Throws when what it names is not there. */
  readonly identify: (
    context: Context,
    model: OperationModel,
    input: Record<string, unknown>,
    signer: SignedCaller | undefined,
  ) => Promise<Resources>
  /**
   * What a signed call acts on, there or not: one resource, or several that it must be allowed on; undefined when the
   * operation itself decides who may.
   */
  readonly resource: (
    context: Context,
    operation: string,
    input: Record<string, unknown>,
    caller: SignedCaller,
  ) => Acted | Promise<Acted>
  /** Whether a refused public call was a guess at a secret, for which its address pays more (api/rate-limit.ts). */
  readonly wasGuess?: (operation: string, input: Record<string, unknown>, error: ErrorName) => boolean
  /** By operation: what an implemented one does not do as the service does it, for docs/compatibility.md. */
  readonly differences?: Readonly<Record<string, Difference>>
}

export interface Resources {
  caller: AnyCaller
}

/** `partly`: an application may notice. `done`: what the operation is for works, and what is named comes with a part of Cognito that is not here yet. */
export interface Difference {
  state: 'done' | 'partly'
  note: string
}

const MINUTE = 60

/** Signatures of JSON services are regional and strict about time (docs/reference/identity-pools-sts-iam-sync.md 14.1). */
export const regional =
  ({ signingName }: ServiceModel): Service['signing'] =>
  ({ region }) => ({ service: signingName, region, skewSeconds: 5 * MINUTE })

/** Signatures of STS and IAM are neither (the same section). */
export const global =
  ({ signingName }: ServiceModel): Service['signing'] =>
  () => ({ service: signingName, region: undefined, skewSeconds: 15 * MINUTE })

/** For services that look up nothing before an operation runs: the caller is who signed, or nobody. */
export const identifySigner: Service['identify'] = async (_context, _model, _input, signer) => ({
  caller: signer ?? { kind: 'anonymous' },
})
