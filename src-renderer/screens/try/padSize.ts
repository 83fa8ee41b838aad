/** The pad's side on a window of that height, pixels of the screen: what is below it stays in view. */
export const padSize = (windowHeight: number): number => (windowHeight >= 960 ? 480 : 336);
