// Checks of policies that are to be stored, with the texts of MalformedPolicyDocument
// (docs/reference/identity-pools-sts-iam-sync.md 16.1; docs/behaviour/iam-evaluation.md says which texts were seen at
// the service and which are assumed). The first violation is reported. Syntax is policy-grammar.ts.

import { parseOperatorName } from './condition-operators.ts'
import { parseDate } from './operators/date.ts'
import { isCurrentVersion, isKnownVersion, type PolicyDocument, type Statement } from './policy-document.ts'
import { isAccountId, isPrincipalArn } from './principal.ts'

export const syntaxErrors = 'Syntax errors in policy.'
const legacyParsing = 'The policy failed legacy parsing'

type Violation = string | undefined

/** The first violation. The checks are in the order of the service, and each is made on all items before the next. */
function firstViolation<T>(items: readonly T[], ...checks: ((item: T) => Violation)[]): Violation {
  for (const check of checks) {
    for (const item of items) {
      const violation = check(item)
      if (violation !== undefined) return violation
    }
  }
  return undefined
}

/** A policy of a user, group or role, a boundary, or a session policy. */
export function identityPolicyViolation(document: PolicyDocument, managed: boolean): Violation {
  const { statements } = document
  if (!isKnownVersion(document) || statements.length === 0) return syntaxErrors
  return (
    firstViolation(statements, effectSyntax) ??
    firstViolation(statements, ({ principal, notPrincipal }) =>
      principal || notPrincipal ? 'Policy document should not specify a principal.' : undefined,
    ) ??
    (managed && !isCurrentVersion(document) ? 'Policy document must be version 2012-10-17 or greater.' : undefined) ??
    firstViolation(statements, legacyViolation, sidViolation) ??
    (repeatsSid(document) ? 'Statement IDs (SID) in a single policy must be unique.' : undefined) ??
    firstViolation(statements, noActions, resourceViolation, actionViolation, noResources)
  )
}

/** The trust policy of a role. */
export function trustPolicyViolation(document: PolicyDocument): Violation {
  const { statements } = document
  if (!isKnownVersion(document)) return 'The policy must contain a valid version string'
  if (statements.length === 0) return 'Could not parse the policy: Statement is empty!'
  return (
    firstViolation(
      statements,
      trustEffect,
      trustPrincipal,
      ({ condition }) => (hasBadDate(condition) ? legacyParsing : undefined),
      ({ action, notAction }) => ((action ?? notAction)?.length ? undefined : 'Missing required field Action'),
      ({ action, notAction }) =>
        (action ?? notAction)?.every((name) => /^sts:/i.test(name))
          ? undefined
          : 'AssumeRole policy may only specify STS AssumeRole actions.',
      ({ resource, notResource }) => (resource || notResource ? 'Has prohibited field Resource' : undefined),
      cognitoViolation,
    ) ?? (repeatsSid(document) ? 'The Statement Ids in the policy are not unique' : undefined)
  )
}

/** The policy of any other resource. */
export function resourcePolicyViolation(document: PolicyDocument): Violation {
  const { statements } = document
  if (!isKnownVersion(document) || statements.length === 0) return syntaxErrors
  return (
    firstViolation(statements, effectSyntax, legacyViolation, ({ effect, principal, notPrincipal }) => {
      if (!principal && !notPrincipal) return 'Missing required field Principal'
      if (notPrincipal && effect === 'Allow') return 'Allow with NotPrincipal is not allowed.'
      return invalidPrincipal(principal ?? notPrincipal)
    }) ??
    (repeatsSid(document) ? 'The Statement Ids in the policy are not unique' : undefined) ??
    firstViolation(statements, noActions, resourceViolation, actionViolation, noResources)
  )
}

const effectSyntax = ({ effect }: Statement): Violation =>
  effect !== undefined && /^(allow|deny)$/i.test(effect) ? undefined : syntaxErrors

const isEffect = (effect: string | undefined) => effect === 'Allow' || effect === 'Deny'

function legacyViolation({ effect, resource, notResource, condition }: Statement): Violation {
  if (!isEffect(effect) || hasBadDate(condition)) return legacyParsing
  return (resource ?? notResource)?.some(failsLegacyParsing) ? legacyParsing : undefined
}

const hasBadDate = (condition: Statement['condition']) =>
  condition?.some(
    ({ operator, values }) =>
      /^(For\w+:)?Date/.test(operator) &&
      parseOperatorName(operator) !== undefined &&
      values.some((value) => parseDate(value) === undefined),
  ) === true

/**
 * An ARN must have a service and, with less than six parts, no empty part. Errors of resourcePatternViolation go first.
 */
const failsLegacyParsing = (arn: string) =>
  arn !== '*' &&
  resourcePatternViolation(arn) === undefined &&
  (arn.split(':')[2] === '' || (arn.split(':').length < 6 && arn.includes('::')))

const sidViolation = ({ sid = '' }: Statement): Violation =>
  /^[0-9A-Za-z]*$/.test(sid)
    ? undefined
    : 'Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*'

function repeatsSid({ statements }: PolicyDocument): boolean {
  const sids = statements.map(({ sid }) => sid).filter((sid) => sid !== undefined && sid !== '')
  return new Set(sids).size < sids.length
}

const noActions = ({ action, notAction }: Statement): Violation =>
  (action ?? notAction)?.length ? undefined : 'Policy statement must contain actions.'

const noResources = ({ resource, notResource }: Statement): Violation =>
  (resource ?? notResource)?.length ? undefined : 'Policy statement must contain resources.'

const actionViolation = ({ action, notAction }: Statement): Violation =>
  firstViolation(action ?? notAction ?? [], actionPatternViolation)

function actionPatternViolation(action: string): Violation {
  if (action === '*') return undefined
  const [vendor = '', ...names] = action.split(':')
  if (names.length === 0) return 'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.'
  if (names.length > 1) return 'Actions/Condition can contain only one colon.'
  return /^[a-zA-Z0-9.-]+$/.test(vendor) ? undefined : `Vendor ${vendor} is not valid`
}

const resourceViolation = ({ resource, notResource }: Statement): Violation =>
  firstViolation(resource ?? notResource ?? [], resourcePatternViolation)

const iamPaths = [
  'user/',
  'federated-user/',
  'role/',
  'group/',
  'instance-profile/',
  'mfa/',
  'server-certificate/',
  'policy/',
  'sms-mfa/',
  'saml-provider/',
  'oidc-provider/',
  'report/',
  'access-report/',
]

function resourcePatternViolation(resource: string): Violation {
  if (resource === '*') return undefined
  const inArnFormat = `Resource ${resource} must be in ARN format or "*".`
  const [scheme, partition, service, region = '', account = '', ...rest] = resource.split(':')
  if (partition === undefined) return inArnFormat
  if (partition !== 'aws' && partition !== '*') {
    // The text shows missing parts as stars.
    const shown = resource.split(':').slice(2)
    const head = [0, 1, 2].map((index) => (shown.length === 1 && shown[0] === '' ? '*' : (shown[index] ?? '*')))
    const path = shown.length > 3 ? shown.slice(3).join(':') : '*'
    return `Partition "${partition}" is not valid for resource "arn:${partition}:${head.join(':')}:${path}".`
  }
  if (scheme !== 'arn') return inArnFormat
  if (service === undefined || /[*?]/.test(service)) {
    return 'Resource vendor must be fully qualified and cannot contain regexes.'
  }
  if (service === 'iam' && region !== '') return `IAM resource ${resource} cannot contain region information.`
  // Buckets and objects have neither; access points, jobs, storage lenses and access grants have both.
  if (service === 's3' && region !== '' && account === '')
    return `Resource ${resource} can not contain region information.`
  const path = rest.join(':')
  if (service === 'iam' && path !== '*' && rest.length > 0 && !iamPaths.some((start) => path.startsWith(start))) {
    return `IAM resource path must either be "*" or start with ${iamPaths.join(', ')}.`
  }
  return undefined
}

function trustEffect({ effect }: Statement): Violation {
  if (effect === undefined || effect === '') return 'Missing required field Effect'
  return isEffect(effect) ? undefined : `Invalid effect: ${effect}`
}

function trustPrincipal({ effect, principal, notPrincipal }: Statement): Violation {
  if (notPrincipal) {
    return effect === 'Allow'
      ? 'Allow with NotPrincipal is not allowed.'
      : 'AssumeRole policy must not contain NotPrincipal field.'
  }
  if (!principal) return 'Missing required field Principal'
  if (principal.bare) return 'Principal must be a JSON object.'
  if (principal.entries.length === 0) return 'Missing required field Principal cannot be empty!'
  return invalidPrincipal(principal)
}

const providers = new Set([
  'cognito-identity.amazonaws.com',
  'www.amazon.com',
  'graph.facebook.com',
  'accounts.google.com',
])

/** Checks the form only; whether users and roles exist is checked by iam/roles/trust-policy.ts. */
function invalidPrincipal(principal: Statement['principal']): Violation {
  const valid = {
    AWS: (value: string) => value === '*' || isAccountId(value) || isPrincipalArn(value),
    Service: (value: string) => /^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(value),
    Federated: (value: string) =>
      providers.has(value) || /^arn:aws:iam::\d{12}:(oidc-provider|saml-provider)\/[^*?]+$/.test(value),
    CanonicalUser: (value: string) => /^[0-9a-f]{64}$/.test(value),
  }
  const wrong = principal?.entries.find(({ type, value }) => !valid[type](value))
  return wrong ? `Invalid principal in policy: "${wrong.type}":"${wrong.value}"` : undefined
}

/** A role that trusts identity pools has to name the pool, or every identity pool could give out its credentials. */
function cognitoViolation({ effect, principal, condition }: Statement): Violation {
  const trusts = principal?.entries.some(({ value }) => value === 'cognito-identity.amazonaws.com')
  if (effect !== 'Allow' || !trusts) return undefined
  const scoped = condition?.some(
    ({ operator, key, values }) =>
      /^(For\w+:)?String(Equals|EqualsIgnoreCase|Like)$/.test(operator) &&
      key.toLowerCase() === 'cognito-identity.amazonaws.com:aud' &&
      values.length > 0 &&
      values.every((value) => !operator.endsWith('Like') || /[^*?]/.test(value)),
  )
  return scoped ? undefined : 'A condition block must be present for the Cognito provider'
}
