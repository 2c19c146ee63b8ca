import { expect, it } from 'vitest'
import { cognitoIdpModel } from '../../contract/cognito-idp.model.ts'
import { categories, rateOf } from './category-rules.ts'

it('each operation of the contract is of one category, but those that set the limits', () => {
  const named = Object.values(categories).flatMap(({ operations }) => [...operations])
  const expected = Object.keys(cognitoIdpModel.operations).filter((name) => !name.endsWith('ProvisionedLimit'))
  expect([...named].sort()).toEqual(expected.sort())
})

it('answers to challenges have a counter of their own, three times as large', () => {
  expect(rateOf('InitiateAuth')).toEqual({ category: 'UserAuthentication', counter: 'UserAuthentication', times: 1 })
  expect(rateOf('AdminInitiateAuth')).toEqual(rateOf('InitiateAuth'))
  const responses = { category: 'UserAuthentication', counter: 'UserAuthentication responses', times: 3 }
  expect(rateOf('RespondToAuthChallenge')).toEqual(responses)
  expect(rateOf('AdminRespondToAuthChallenge')).toEqual(responses)
})

it('who sets a limit has none', () => {
  expect(rateOf('UpdateProvisionedLimit')).toBeUndefined()
  expect(rateOf('GetProvisionedLimit')).toBeUndefined()
})
