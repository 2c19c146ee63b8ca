import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { importViolations } from './check-imports.mjs'

const roots = []

afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true })
})

/** The violations of a tree with one file. */
function violations(path, text) {
  const root = mkdtempSync(join(tmpdir(), 'check-imports-'))
  roots.push(root)
  const file = join(root, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
  copyFileSync(new URL('../ARCHITECTURE.md', import.meta.url), join(root, 'ARCHITECTURE.md'))
  return importViolations(root)
}

const group = 'server/src/cognito-idp/groups'

test.each([
  ['server/src/crypto/srp.ts', "import { a } from '../errors.ts'"],
  ['server/src/crypto/srp.ts', "import type { Config } from '../config/config.ts'"],
  ['server/src/crypto/srp.ts', "export { a } from '../cognito-idp/tokens/issue.ts'"],
  ['server/src/config/config.ts', "import { open } from '../database/open.ts'"],
  ['server/src/contract/a.ts', "import '../crypto/srp.ts'"],
  ['server/src/database/database.ts', "import type { User } from '../cognito-idp/users/user-store.ts'"],
  ['server/src/effects/mail.ts', "const { a } = await import('../messages/outbox.ts')"],
  [`${group}/group-rules.ts`, "import { findGroup } from './group-store.ts'"],
  [`${group}/group-rules.ts`, "import {\n  type Group,\n  findGroup,\n} from './group-store.ts'"],
  [`${group}/group-rules.ts`, "import { readFileSync } from 'node:fs'"],
  [`${group}/group-rules.ts`, 'export const now = () => Date.now()'],
  [`${group}/group-store.ts`, "import { newCredential } from '../users/credentials.ts'"],
  [`${group}/group-store.ts`, "import { randomUUID } from 'node:crypto'"],
  [`${group}/getGroup.ts`, "import { createGroup } from './createGroup.ts'"],
  [`${group}/getGroup.ts`, "import { initiateAuth } from '../sign-in/initiateAuth.ts'"],
  [`${group}/getGroup.ts`, "import type { Route } from '../../api/routes.ts'"],
  [`${group}/group-type.ts`, "import { page } from '../../pages/page.ts'"],
  ['server/src/sts/assume-role/assumeRole.ts', "import { authorize } from '../../oauth/authorize.ts'"],
  ['server/src/oauth/token.ts', "import { initiateAuth } from '../cognito-idp/sign-in/initiateAuth.ts'"],
  ['server/src/api/pipeline.ts', "import { getGroup } from '../cognito-idp/groups/getGroup.ts'"],
  ['server/src/http/cookies.ts', "import { page } from '../pages/page.ts'"],
  ['server/src/cognito-idp/tokens/issue.ts', "import { token } from '../../oauth/token.ts'"],
  ['server/src/iam/resource.ts', "import { authorize } from '../authorization/authorize.ts'"],
  [
    'server/src/sts/assume-role/trust.ts',
    "import type { Pool } from '../../cognito-identity/identity-pools/pool-store.ts'",
  ],
  ['server/src/oauth/token.ts', "import { page } from '../pages/page.ts'"],
  ['server/src/unlisted/a.ts', "import { a } from '../errors.ts'"],
  ['server/src/cognito-idp/sign-in/flows/user-srp.ts', "import { sms } from '../challenges/sms-mfa.ts'"],
  ['server/src/cognito-idp/tokens/issue.ts', "import pg from 'pg'"],
  ['server/src/cognito-idp/tokens/issue.ts', 'const id = Math.random()'],
  ['server/src/cognito-idp/tokens/issue.ts', "console.log('issued')"],
  ['server/src/cognito-idp/tokens/issue.ts', "import { startPostgres } from '../../../../scripts/postgres.mjs'"],
  ['conformance/sdk.ts', "import { serve } from '../server/src/server.ts'"],
  ['console/src/main.tsx', "import { serve } from '../../server/dist/server.js'"],
])('%s may not say %s', (path, text) => {
  expect(violations(path, text)).toHaveLength(1)
})

test.each([
  ['server/src/crypto/srp.ts', "import { group } from './srp-group.ts'\nimport { createHash } from 'node:crypto'"],
  ['server/src/database/open.ts', "import pg from 'pg'\nimport type { Config } from '../config/config.ts'"],
  [`${group}/group-rules.ts`, "import type { Group } from './group-store.ts'"],
  [`${group}/group-rules.ts`, "import { type Group, type Member } from './group-store.ts'"],
  [
    `${group}/group-rules.ts`,
    "import { sorted } from '../users/user-rules.ts'\nimport { hash } from '../../crypto/a.ts'",
  ],
  [`${group}/group-rules.ts`, "// import { a } from './group-store.ts'\n/* Date.now() */ const at = new Date(0)"],
  [
    `${group}/group-store.ts`,
    "import { affectedRows } from '../../database/database.ts'\nimport { sql } from 'kysely'",
  ],
  [`${group}/getGroup.ts`, "import { findGroup } from './group-store.ts'\nimport { issue } from '../tokens/issue.ts'"],
  [`${group}/getGroup.test.ts`, "import { createGroup } from './createGroup.ts'"],
  ['server/src/cognito-idp/operations.ts', "import { getGroup } from './groups/getGroup.ts'"],
  ['server/src/database/open.ts', "import type { Context } from '../context.ts'"],
  ['server/src/context.ts', "import type { Outbox } from './messages/outbox.ts'"],
  ['server/src/main.ts', "console.log('ready')"],
])('%s may say %s', (path, text) => {
  expect(violations(path, text)).toEqual([])
})
