/** The path of an installed Chromium or Chrome: `CHROMIUM_PATH`, else one on the PATH, else one in a usual place. */
export function findChromium(): string | undefined;
