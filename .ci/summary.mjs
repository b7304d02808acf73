// Prints the closing line of the gate from jest's reports and the number of broken checks.
import { readFileSync } from 'node:fs';

const [broken, ...reportFiles] = process.argv.slice(2);
const totals = { passed: 0, failed: Number(broken), skipped: 0 };
for (const file of reportFiles) {
  let report;
  try {
    report = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    report = { numPassedTests: 0, numFailedTests: 1, numPendingTests: 0, numRuntimeErrorTestSuites: 0 };
  }
  // A run without a single test is no run.
  totals.failed += report.numFailedTests + report.numRuntimeErrorTestSuites + (report.numPassedTests === 0 ? 1 : 0);
  totals.passed += report.numPassedTests;
  totals.skipped += report.numPendingTests;
}
const skipped = totals.skipped > 0 ? `, ${totals.skipped} skipped` : '';
console.log(`${totals.passed} passed, ${totals.failed} failed${skipped}`);
process.exit(totals.failed > 0 || totals.skipped > 0 ? 1 : 0);
