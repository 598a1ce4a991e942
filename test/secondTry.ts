import type { Reporter, TestCase } from 'vitest/node';

/** Names each test that passed only when it was tried again, with what it said the first time: such a test is a finding. */
export default class SecondTry implements Reporter {
  readonly #found: string[] = [];

  onTestCaseResult(test: TestCase): void {
    if (test.diagnostic()?.flaky !== true) return;
    const { errors = [] } = test.result();
    this.#found.push(`second try: ${test.module.relativeModuleId} > ${test.fullName}`, ...errors.map(({ message }) => `  ${message.split('\n')[0] ?? ''}`));
  }

  onTestRunEnd(): void {
    if (this.#found.length > 0) process.stdout.write(`\nPassed only at the second try:\n${this.#found.join('\n')}\n`);
  }
}
