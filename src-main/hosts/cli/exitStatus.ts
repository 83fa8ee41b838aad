// What the program's exit status says.

export const doneStatus = 0;
export const failedStatus = 1;
export const wrongUsageStatus = 2;
/** Ended by Ctrl+C: 128 + SIGINT, as shells report it. */
export const interruptedStatus = 130;
