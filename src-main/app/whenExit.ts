// Stands in for the package `when-exit` in the build (see electron.vite.config.ts). The settings' library uses it to
// clear away temporary files; the package would answer signals as well and end the process in the middle of keeping a
// run, where Ctrl+C is the hosts' to answer.

/** Calls back when the process ends. */
export default function whenExit(callback: () => void): void {
  process.once('exit', callback);
}
