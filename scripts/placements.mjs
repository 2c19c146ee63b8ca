// Prints the statements that spread the tables over the nodes of a Citus cluster, one a line, for psql:
//
//   node scripts/placements.mjs | psql "$DATABASE_URL"
//
// docs/decisions/statement-rules.md says when. Reads the built server (npm run build).
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root, setUp } from './set-up.mjs'

await setUp({ dev: false, build: true })
const { placementStatements } = await import(pathToFileURL(join(root, 'server/dist/database/placements.js')).href)
process.stdout.write(
  placementStatements()
    .map((statement) => `${statement};\n`)
    .join(''),
)
