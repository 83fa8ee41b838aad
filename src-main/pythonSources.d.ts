// `import source from './python/recipe.py?raw'`: the text of a Python file. Vite does the work, in builds and in tests.
declare module '*.py?raw' {
  const source: string;
  export default source;
}
