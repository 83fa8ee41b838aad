/** Passes values on at most once an interval: the first at once, then the latest when the interval is over. */
export interface Throttle<T> {
  offer(value: T): void;
  /** Passes on at once what waits. */
  flush(): void;
  /** Forgets what waits. */
  cancel(): void;
}

export function createThrottle<T>(intervalMs: number, pass: (value: T) => void): Throttle<T> {
  let waiting: { value: T } | undefined;
  let timer: NodeJS.Timeout | undefined;
  const passOn = (): void => {
    const next = waiting;
    waiting = undefined;
    clearTimeout(timer);
    timer = undefined;
    if (next === undefined) return;
    timer = setTimeout(passOn, intervalMs);
    timer.unref();
    pass(next.value);
  };
  return {
    offer(value) {
      waiting = { value };
      if (timer === undefined) passOn();
    },
    flush: passOn,
    cancel() {
      waiting = undefined;
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
