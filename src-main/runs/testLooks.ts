import type { TestResult } from '../../src-shared/schemas/run.ts';

/** What a look at the test set found; how many looks there were is counted where the result is kept. */
export type TestLook = Pick<TestResult, 'loss' | 'accuracy'>;

/** The result after another look. */
export function countLook(earlier: TestResult | null, { loss, accuracy }: TestLook): TestResult {
  return { loss, accuracy, looks: (earlier?.looks ?? 0) + 1 };
}
