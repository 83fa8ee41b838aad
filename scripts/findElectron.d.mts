/** The path of Electron's executable when its runtime has been fetched, else undefined. */
export function findElectron(): string | undefined;
