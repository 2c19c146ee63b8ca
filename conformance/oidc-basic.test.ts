import { describe } from 'vitest'
import { basicPlan } from './oidc-basic-plan.ts'

describe('oidcc-basic-certification-test-plan', () => basicPlan())
