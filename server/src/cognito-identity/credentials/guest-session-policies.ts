// The ceiling over guests' credentials in the enhanced flow (docs/reference/identity-pools-sts-iam-sync.md 10): session
// policies as data. What a guest may do is what its role allows and one of these does. The classic flow has no ceiling.
import type { SessionPolicies } from '../../sts/sessions/session-policies.ts'

/** Services and actions that AWS lets guests use, if their role does. */
const AWS_ACTIONS: readonly string[] = [
  'appsync:*',
  'cloudwatch:*',
  'codewhisperer:*',
  'cognito-identity:*',
  'cognito-idp:*',
  'cognito-sync:*',
  'comprehend:*',
  'dynamodb:*',
  'execute-api:*',
  'firehose:*',
  'gamelift:*',
  'geo:*',
  'iot:*',
  'kinesisanalytics:*',
  'kms:Decrypt',
  'kms:Encrypt',
  'kms:GenerateDataKey*',
  'kms:ReEncrypt*',
  'lambda:*',
  'lex:*',
  'logs:*',
  'machinelearning:*',
  'mobileanalytics:*',
  'personalize:*',
  'polly:*',
  'rekognition:*',
  's3:*',
  'sagemaker:InvokeEndpoint',
  'sdb:*',
  'ses:*',
  'sns:*',
  'sqs:*',
  'sumerian:View*',
  'textract:AnalyzeDocument',
  'textract:DetectDocumentText',
  'transcribe:*',
  'translate:*',
]

/** AWS's second list, which widens the first. */
export const GUEST_MANAGED_POLICY = 'arn:aws:iam::aws:policy/AmazonCognitoUnAuthedIdentitiesSessionPolicy'

/** `extraActions`: of the operator's own services (GUEST_ACTIONS). */
export function guestSessionPolicies(extraActions: readonly string[]): SessionPolicies {
  const Statement = [{ Effect: 'Allow', Action: [...AWS_ACTIONS, ...extraActions], Resource: '*' }]
  return {
    policies: [JSON.stringify({ Version: '2012-10-17', Statement })],
    policyArns: [GUEST_MANAGED_POLICY],
  }
}
