/** The first Python that can import the module, as a program to start; undefined where there is none. */
export function findPython(module: string): string | undefined;
