// The wire between the core and a training process, whatever kind of process the host starts.

/** Messages are structured clones: typed arrays travel as they are. */
export interface TrainingChannel {
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called once; `reason` is a short phrase such as `exit code 1` or `signal SIGKILL`. */
  onExit(listener: (reason: string) => void): void;
  /** Ends the process at once. */
  kill(): void;
}
