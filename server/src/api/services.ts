// The services of the AWS API. A new one is a folder with a service.ts, and a line here.
import { cognitoIdentity } from '../cognito-identity/service.ts'
import { cognitoIdp } from '../cognito-idp/service.ts'
import { cognitoSync } from '../cognito-sync/service.ts'
import { iam } from '../iam/service.ts'
import type { Service } from '../service.ts'
import { sts } from '../sts/service.ts'

export const services: readonly Service[] = [cognitoIdp, cognitoIdentity, cognitoSync, sts, iam]
