// The session policies of guests' credentials in the enhanced flow (docs/reference/identity-pools-sts-iam-sync.md 10).
// A guest may do what both its role and one of these policies allow. The classic flow has none.
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

/** The managed session policy that AWS applies beside the inline one: an action has to be allowed by one of them. */
export const GUEST_MANAGED_POLICY = 'arn:aws:iam::aws:policy/AmazonCognitoUnAuthedIdentitiesSessionPolicy'

/** `extraActions`: actions of the operator's own services (GUEST_ACTIONS). */
export function guestSessionPolicies(extraActions: readonly string[]): SessionPolicies {
  const Statement = [{ Effect: 'Allow', Action: [...AWS_ACTIONS, ...extraActions], Resource: '*' }]
  return {
    policies: [JSON.stringify({ Version: '2012-10-17', Statement })],
    policyArns: [GUEST_MANAGED_POLICY],
  }
}
