import { test } from 'vitest'
import { cognitoIdpModel as m } from '../../src/contract/cognito-idp.model.ts'
import { readJsonInput } from '../../src/api/protocols/aws-json.ts'
import { findViolations } from '../../src/api/validate.ts'
test('x', () => {
  for (const [op, name, text] of [['SignUp','many {}', `{"UserAttributes":[${Array(340000).fill('{}')}]}`],['AdminDeleteUserAttributes','long', `{"UserAttributeNames":[${Array(340000).fill('""')}]}`],
  ['SignUp','map', `{"ClientMetadata":{${Array.from({length:80000},(_,i)=>`"k${i}":""`)}}}`],
  ['TagResource','map', `{"Tags":{${Array.from({length:80000},(_,i)=>`"":"","k${i}":""`)}}}`],
  ['UntagResource','map', `{"TagKeys":[${Array(340000).fill('""')}]}`],
  ['CreateUserPool','x', `{"AliasAttributes":[${Array(340000).fill('""')}]}`],
  ['CreateUserPool','x', `{"Schema":[${Array(340000).fill('{}')}]}`],
  ['CreateUserPoolClient','x', `{"CallbackURLs":[${Array(240000).fill('" "')}]}`]] as const) {
    const b = Buffer.from(text)
    for (let i=0;i<2;i++){
    const h0 = process.memoryUsage().heapUsed
    const t0 = performance.now()
    const input = readJsonInput(m, m.operations[op]!.input, b)
    const t1 = performance.now()
    const v = findViolations(m, op, m.operations[op]!.input, input)
    console.log(op, name, b.length, 'read', Math.round(t1 - t0), 'validate', Math.round(performance.now() - t1), 'heap MB', Math.round((process.memoryUsage().heapUsed-h0)/1e6), v?.length, v?.slice(0,30))
    }
  }
}, 100000)
