// Short messages at the window's edge: what was done, with a way back where there is one, and what went wrong.
import { toErrorData, type ErrorData } from '../../src-shared/failure.ts';

export interface ToastAction {
  label: string;
  run: () => void;
}

export interface Toast {
  id: number;
  message: string;
  error: ErrorData | null;
  action: ToastAction | null;
}

/** The oldest make room for more. */
const mostAtOnce = 4;
/** Long enough to read a sentence and to reach a button. */
export const toastDurationMs = 8000;

class Toasts {
  list = $state.raw<readonly Toast[]>([]);
  #nextId = 1;

  /** Says what was done. Goes by itself after `toastDurationMs`. */
  show(message: string, action: ToastAction | null = null): number {
    return this.#add({ message, error: null, action }, toastDurationMs);
  }

  /** Says what went wrong and what to do about it. Stays until it is dismissed. */
  showError(error: unknown): number {
    const data = toErrorData(error);
    return this.#add({ message: data.message, error: data, action: null }, null);
  }

  dismiss(id: number): void {
    this.list = this.list.filter((toast) => toast.id !== id);
  }

  #add(toast: Omit<Toast, 'id'>, durationMs: number | null): number {
    const id = this.#nextId;
    this.#nextId += 1;
    const isRepeated = (one: Toast): boolean => one.error !== null && one.message === toast.message;
    this.list = [...this.list.filter((one) => !isRepeated(one)), { ...toast, id }].slice(-mostAtOnce);
    if (durationMs !== null) setTimeout(() => this.dismiss(id), durationMs);
    return id;
  }
}

export const toasts = new Toasts();

/** Runs something that can fail and shows its failure as a toast. For handlers of buttons and keys. */
export function attempt(work: () => Promise<unknown>): void {
  work().catch((error: unknown) => toasts.showError(error));
}
