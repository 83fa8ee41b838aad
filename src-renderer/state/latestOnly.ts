// Asks the same question again and again without a queue: one is under way at a time, and of what was asked meanwhile only
// the latest matters.

interface Options<Question, Answer> {
  ask: (question: Question) => Promise<Answer>;
  onAnswer: (answer: Answer, question: Question) => void;
  onFailure: (error: unknown) => void;
}

export class LatestOnly<Question, Answer> {
  readonly #options: Options<Question, Answer>;
  #isUnderWay = false;
  #next: { question: Question } | null = null;

  constructor(options: Options<Question, Answer>) {
    this.#options = options;
  }

  /** Asks as soon as the question under way is answered; takes the place of one that still waits. */
  ask(question: Question): void {
    this.#next = { question };
    if (!this.#isUnderWay) void this.#run();
  }

  /** Forgets what waits; the answer under way still comes. */
  clear(): void {
    this.#next = null;
  }

  async #run(): Promise<void> {
    const { ask, onAnswer, onFailure } = this.#options;
    this.#isUnderWay = true;
    while (this.#next !== null) {
      const { question } = this.#next;
      this.#next = null;
      try {
        onAnswer(await ask(question), question);
      } catch (error) {
        onFailure(error);
      }
    }
    this.#isUnderWay = false;
  }
}
