// What the person must be told of this start of Weft, and has not put aside yet.
import type { Notice } from '../../src-shared/schemas/notice.ts';
import { toErrorData } from '../../src-shared/failure.ts';

export class Notices {
  #list: readonly Notice[] = [];
  #nextId = 1;

  get list(): Notice[] {
    return [...this.#list];
  }

  add(error: unknown): void {
    this.#list = [...this.#list, { id: this.#nextId, ...toErrorData(error) }];
    this.#nextId += 1;
  }

  dismiss(noticeId: number): void {
    this.#list = this.#list.filter(({ id }) => id !== noticeId);
  }
}
