import { describe, expect, it } from 'vitest'
import { compilePolicy } from '../policy/compile-policy.ts'
import { evaluate } from '../policy/evaluate.ts'
import { parsePolicy } from '../policy/policy-grammar.ts'
import { createRequestContext } from '../policy/request-context.ts'
import { parseEntityArn } from './arn-rules.ts'
import { awsManagedPolicies, awsManagedPolicy } from './aws-managed-policies.ts'

const ACCOUNT = '111122223333'
const POOL = `arn:aws:cognito-idp:us-east-1:${ACCOUNT}:userpool/us-east-1_A`

/** Whether a policy alone allows an action. */
function allows(name: string, action: string, resource = POOL, keys: [string, string][] = []): boolean {
  const { document } = awsManagedPolicy(`arn:aws:iam::aws:policy/${name}`) ?? { document: '' }
  const principal = { kind: 'user', arn: `arn:aws:iam::${ACCOUNT}:user/ann`, account: ACCOUNT } as const
  const request = { action, resource, principal, context: createRequestContext(keys) }
  return evaluate(request, { identity: [compilePolicy(document, 'identity')] }).allowed
}

describe('AWS managed policies', () => {
  it.each(awsManagedPolicies)('$name could be stored as it is', ({ arn, name, path, document, id }) => {
    expect(parsePolicy(document, 'identity', { managed: true })).toHaveProperty('document')
    expect(parseEntityArn(arn)).toEqual({ accountId: 'aws', kind: 'policy', path, name })
    expect(id).toMatch(/^ANPA[A-Z2-7]{17}$/)
  })

  it('that let somebody read let nobody have password hashes', () => {
    expect(allows('AmazonCognitoReadOnly', 'cognito-idp:ListUsers')).toBe(true)
    expect(allows('AmazonCognitoReadOnly', 'cognito-idp:ExportUsers')).toBe(false)
    expect(allows('ReadOnlyAccess', 'cognito-idp:ExportUsers')).toBe(false)
  })

  it('have names and ids of their own', () => {
    for (const member of ['id', 'arn'] as const)
      expect(new Set(awsManagedPolicies.map((policy) => policy[member])).size).toBe(awsManagedPolicies.length)
    expect(awsManagedPolicy('constructor')).toBeUndefined()
  })

  it.each([
    ['AdministratorAccess', 'cognito-idp:DeleteUserPool', true],
    ['ReadOnlyAccess', 'cognito-idp:AdminGetUser', true],
    ['ReadOnlyAccess', 'cognito-idp:AdminDeleteUser', false],
    ['ReadOnlyAccess', 'iam:GetRole', true],
    ['ReadOnlyAccess', 'iam:CreateRole', false],
    ['ReadOnlyAccess', 'sts:AssumeRole', false],
    ['IAMFullAccess', 'iam:DeleteRole', true],
    ['IAMFullAccess', 'cognito-idp:GetGroup', false],
    ['AmazonCognitoPowerUser', 'cognito-idp:DeleteUserPool', true],
    ['AmazonCognitoPowerUser', 'iam:GetRole', true],
    ['AmazonCognitoPowerUser', 'iam:PassRole', false],
    ['AmazonCognitoPowerUser', 'iam:CreateRole', false],
    ['AmazonCognitoReadOnly', 'cognito-identity:DescribeIdentityPool', true],
    ['AmazonCognitoReadOnly', 'cognito-identity:UpdateIdentityPool', false],
    ['AmazonCognitoDeveloperAuthenticatedIdentities', 'cognito-identity:GetOpenIdTokenForDeveloperIdentity', true],
    ['AmazonCognitoDeveloperAuthenticatedIdentities', 'cognito-identity:DeleteIdentities', false],
    ['AmazonCognitoUnAuthedIdentitiesSessionPolicy', 'polly:SynthesizeSpeech', true],
    ['AmazonCognitoUnAuthedIdentitiesSessionPolicy', 'dynamodb:GetItem', false],
    ['aws-service-role/AmazonCognitoIdpEmailServiceRolePolicy', 'ses:SendEmail', true],
    ['aws-service-role/AmazonCognitoIdpEmailServiceRolePolicy', 'ses:ListIdentities', false],
  ])('%s: %s is %s', (name, action, allowed) => {
    expect(allows(name, action)).toBe(allowed)
  })

  it('AmazonCognitoPowerUser allows service-linked roles of user pools only', () => {
    const make = (service: string) =>
      allows('AmazonCognitoPowerUser', 'iam:CreateServiceLinkedRole', '*', [['iam:AWSServiceName', service]])
    expect(make('email.cognito-idp.amazonaws.com')).toBe(true)
    expect(make('autoscaling.amazonaws.com')).toBe(false)
    const remove = (role: string) =>
      allows('AmazonCognitoPowerUser', 'iam:DeleteServiceLinkedRole', `arn:aws:iam::${ACCOUNT}:role/${role}`)
    const email = 'aws-service-role/email.cognito-idp.amazonaws.com/AWSServiceRoleForAmazonCognitoIdpEmailService'
    expect(remove(email)).toBe(true)
    expect(remove('aws-service-role/x.amazonaws.com/AWSServiceRoleForX')).toBe(false)
  })
})
