// Prints `N passed, N failed` from the report file of Vitest's JSON reporter, given as the argument.
// A test file that could not be loaded has no tests to fail: it counts as one failure, as does a missing report.
import { readFileSync } from 'node:fs'

let passed = 0
let failed = 0
try {
  const report = JSON.parse(readFileSync(process.argv[2], 'utf8'))
  passed = report.numPassedTests
  failed = report.numFailedTests
  for (const file of report.testResults) {
    if (file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed')) failed++
  }
  if (failed === 0 && (!report.success || passed === 0)) failed = 1
} catch (error) {
  process.stderr.write(`No test report: ${error.message}\n`)
  failed = 1
}

process.stdout.write(`${passed} passed, ${failed} failed\n`)
process.exitCode = failed === 0 ? 0 : 1
