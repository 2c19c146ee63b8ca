import { expect, test } from 'vitest'
import { deliveryDetails, isContact, maskDestination } from './delivery-rules.ts'

test.each([
  ['email', 'fred@example.com', 'f***@e***'],
  ['email', 'f@e', 'f***@e***'],
  ['email', '😀x@éxample.com', '😀***@é***'],
  ['phone_number', '+15550009934', '+*******9934'],
  ['phone_number', '+491701234567', '+********4567'],
  ['phone_number', '+1234', '+1234'],
  ['phone_number', '+12', '+12'],
] as const)('%s %s is shown as %s', (attribute, value, masked) => {
  expect(maskDestination(attribute, value)).toBe(masked)
})

test('details name the attribute and its medium', () => {
  expect(deliveryDetails('phone_number', '+15550009934')).toEqual({
    AttributeName: 'phone_number',
    DeliveryMedium: 'SMS',
    Destination: '+*******9934',
  })
  expect(['email', 'phone_number', 'name', 'constructor'].map(isContact)).toEqual([true, true, false, false])
})
