import { expect, it } from 'vitest'
import { awsManagedPolicy } from '../../iam/aws-managed-policies.ts'
import { compilePolicy } from '../../policy/compile-policy.ts'
import { evaluate } from '../../policy/evaluate.ts'
import { createRequestContext } from '../../policy/request-context.ts'
import { packedPolicySize } from '../../sts/sessions/packed-size.ts'
import { guestSessionPolicies } from './guest-session-policies.ts'

const allow = compilePolicy(
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }),
  'identity',
)

function mayGuest(action: string, extra: string[] = []): boolean {
  const { policies = [], policyArns = [] } = guestSessionPolicies(extra)
  const documents = [...policies, ...policyArns.map((arn) => awsManagedPolicy(arn)?.document as string)]
  const principal = { kind: 'role-session', arn: 'arn:aws:sts::000000000000:assumed-role/r/s' }
  return evaluate(
    { action, resource: '*', principal: principal as never, context: createRequestContext([]) },
    { identity: [allow], session: documents.map((text) => compilePolicy(text, 'identity')) },
  ).allowed
}

it('allows guests the actions of the inline and of the managed policy', () => {
  for (const action of [
    'cognito-sync:ListRecords',
    's3:GetObject',
    'execute-api:Invoke',
    'sumerian:ViewRelease',
    'kms:Decrypt',
    'rum:PutRumEvents',
  ])
    expect([action, mayGuest(action)]).toEqual([action, true])
  for (const action of [
    'iam:ListRoles',
    'sts:AssumeRole',
    'ec2:RunInstances',
    'kms:CreateKey',
    'sagemaker:CreateModel',
    'photos:View',
  ])
    expect([action, mayGuest(action)]).toEqual([action, false])
})

it('allows the actions that the operator adds', () => {
  expect(mayGuest('photos:ViewAlbum', ['photos:View*'])).toBe(true)
  expect(mayGuest('photos:DeleteAlbum', ['photos:View*'])).toBe(false)
})

it('leaves room in the session for tags, with the maximum of added actions', () => {
  const most = Array.from({ length: 20 }, (_, i) => `some-service-${i}:SomeAction${i}*`)
  expect(packedPolicySize(guestSessionPolicies(most))).toBeLessThan(70)
})
