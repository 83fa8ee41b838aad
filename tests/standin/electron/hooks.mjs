// Module hooks: where `electron` is, and how the stand-in's TypeScript becomes JavaScript.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import typescript from 'typescript';

const folder = new URL('./', import.meta.url).href;

export function resolve(specifier, context, nextResolve) {
  if (specifier !== 'electron') return nextResolve(specifier, context);
  return { url: `${folder}index.ts`, format: 'module', shortCircuit: true };
}

export function load(url, context, nextLoad) {
  if (!url.startsWith(folder) || !url.endsWith('.ts')) return nextLoad(url, context);
  const { outputText } = typescript.transpileModule(readFileSync(fileURLToPath(url), 'utf8'), {
    compilerOptions: {
      target: typescript.ScriptTarget.ES2023,
      module: typescript.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
    },
  });
  return { format: 'module', source: outputText, shortCircuit: true };
}
