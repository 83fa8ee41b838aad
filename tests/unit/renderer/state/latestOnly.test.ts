import { describe, expect, it } from 'vitest';
import { LatestOnly } from '../../../../src-renderer/state/latestOnly.ts';

/** Answers when told to. */
function setUp() {
  const asked: { question: number; answer: (answer: string) => void; fail: () => void }[] = [];
  const answers: string[] = [];
  const questions = new LatestOnly<number, string>({
    ask: (question) =>
      new Promise((resolve, reject) => {
        asked.push({ question, answer: resolve, fail: () => reject(new Error('lost')) });
      }),
    onAnswer: (answer, question) => answers.push(`${question}: ${answer}`),
    onFailure: () => answers.push('failed'),
  });
  return { asked, answers, questions };
}
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

describe('questions of which only the latest matters', () => {
  it('are asked one at a time, and those that were overtaken never', async () => {
    const { asked, answers, questions } = setUp();
    for (const question of [1, 2, 3, 4]) questions.ask(question);
    expect(asked.map(({ question }) => question)).toEqual([1]);
    asked[0]!.answer('one');
    await settle();
    expect(asked.map(({ question }) => question)).toEqual([1, 4]);
    asked[1]!.answer('four');
    await settle();
    expect(answers).toEqual(['1: one', '4: four']);
    questions.ask(5);
    expect(asked).toHaveLength(3);
  });

  it('go on after a failure', async () => {
    const { asked, answers, questions } = setUp();
    questions.ask(1);
    questions.ask(2);
    asked[0]!.fail();
    await settle();
    asked[1]!.answer('two');
    await settle();
    expect(answers).toEqual(['failed', '2: two']);
  });

  it('are forgotten on request, as long as they wait', async () => {
    const { asked, questions } = setUp();
    questions.ask(1);
    questions.ask(2);
    questions.clear();
    asked[0]!.answer('one');
    await settle();
    expect(asked).toHaveLength(1);
  });
});
