// What a service of the AWS API is: what it adds to the path that all requests share (api/pipeline.ts).
import type { SigningRules } from './authorization/signer.ts'
import type { Config } from './config/config.ts'
import type { Context } from './context.ts'
import type { OperationModel, ServiceModel } from './contract/service-model.ts'
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

export interface Service {
  readonly model: ServiceModel
  /** Its operations. They are most of the server's files: a start waits for those of user pools alone (table.ts). */
  readonly load: () => Promise<readonly AnyOperation[]>
  /** The error that says which constraints an input breaks. */
  readonly validationError: string
  readonly signing: (config: Config) => SigningRules
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
}

export interface Resources {
  caller: AnyCaller
}

/**
 * What an implemented operation does not do as AWS's service does it, for docs/compatibility.md. `partly`: an application
 * may notice. `done`: what the operation is for works, and what is named comes with a part of Cognito that is not here yet.
 */
export interface Difference {
  state: 'done' | 'partly'
  note: string
}
