// Cuts a Python module out of a template: what the recipe does not use is left out.
//
// A template is a module of its own with marks, each a comment on a line of its own:
//
//     #: if mixup      … #: else … #: end     lines for recipes that mix images, and for others
//     #: section data  … #: end               lines that generated ones take the place of
//     #: list          … #: end               a call or a head that is put on one line where it then fits
//
// Of what is then there, only those definitions are kept that are asked for or that kept ones mention.
import { bracketed, lineLimit } from './pythonText.ts';

/** Decides the lines of a template. */
export interface Choices {
  /** What the recipe does. */
  features: ReadonlySet<string>;
  /** The lines of each section. */
  sections: Readonly<Record<string, string>>;
}

/** `if mixup` of `    #: if mixup`. */
const mark = /^\s*#: (.*)$/;

/** What is open between a mark and its end. */
interface OpenMark {
  isKept: boolean;
  /** Where a list's lines begin among those chosen. */
  listStart?: number;
}

/** The lines of a call or a head, an item a line, as one line where that fits. */
function foldList(lines: readonly string[]): readonly string[] {
  const [head = '', ...rest] = lines;
  const items = rest.slice(0, -1).map((line) => line.trim());
  const folded = `${head}${items.join(' ').replace(/,$/, '')}${rest.at(-1)?.trim() ?? ''}`;
  return folded.length <= lineLimit ? [folded] : lines;
}

/** The template's text with the lines that were chosen. */
function chooseLines(template: string, { features, sections }: Choices): string {
  const chosen: string[] = [];
  const open: OpenMark[] = [];
  for (const line of template.split('\n')) {
    const [, command] = mark.exec(line) ?? [];
    const isKept = open.every((one) => one.isKept);
    if (command === undefined) {
      if (isKept) chosen.push(line);
      continue;
    }
    const [verb, ...rest] = command.split(' ');
    const subject = rest.join(' ');
    if (verb === 'if') {
      open.push({ isKept: features.has(subject) });
    } else if (verb === 'else') {
      open.push({ isKept: open.pop()?.isKept !== true });
    } else if (verb === 'list') {
      open.push({ isKept: true, listStart: chosen.length });
    } else if (verb === 'section') {
      const lines = sections[subject];
      if (lines !== undefined && isKept) chosen.push(...lines.split('\n'));
      open.push({ isKept: lines === undefined });
    } else {
      const start = open.pop()?.listStart;
      if (start !== undefined) chosen.push(...foldList(chosen.splice(start)));
    }
  }
  return chosen.join('\n');
}

/** A statement at the left margin, with the comments above it. */
interface Statement {
  text: string;
  /** What it defines; none for a statement that only does something. */
  names: string[];
  isImport: boolean;
}

/** The words of the code that can be names of the module, its comments and texts of several lines left out. */
function wordsOf(text: string): Set<string> {
  const code = text.replace(/"""[\s\S]*?"""/g, '').replace(/(^|\s)#.*$/gm, '');
  return new Set(Array.from(code.matchAll(/(?<![\w.])[A-Za-z_]\w*/g), ([word]) => word));
}

function namesOf(code: string): string[] {
  const [, definition] = /^(?:class|def) (\w+)/m.exec(code) ?? [];
  if (definition !== undefined) return [definition];
  const [, constant] = /^(\w+) = /m.exec(code) ?? [];
  return constant === undefined ? [] : [constant];
}

function namesOfImport(code: string): string[] {
  const [, list] = /import\s+([\s\S]*)$/.exec(code.replace(/[()]/g, '')) ?? [];
  return (list ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

/** The name that an imported thing goes by: `np` of `numpy as np`. */
const nameInUse = (name: string): string => name.split(' as ').at(-1) ?? name;

function splitStatements(body: string): Statement[] {
  const groups: string[][] = [];
  let comments: string[] = [];
  let isDecorated = false;
  for (const line of body.split('\n')) {
    if (line.startsWith('#')) {
      comments.push(line);
    } else if (line === '' || /^[\s)\]}]/.test(line) || isDecorated) {
      groups.at(-1)?.push(line);
      if (line !== '') isDecorated = line.startsWith('@');
    } else {
      groups.push([...comments, line]);
      comments = [];
      isDecorated = line.startsWith('@');
    }
  }
  return groups.map((lines) => {
    const text = lines
      .join('\n')
      .replace(/\n{3,}/g, '\n\n')
      .trimEnd();
    const isImport = /^(?:import|from) /.test(text);
    return { text, isImport, names: isImport ? namesOfImport(text).map(nameInUse) : namesOf(text) };
  });
}

/** The statements that are asked for, and all that they mention. */
function keepUsed(statements: readonly Statement[], roots: ReadonlySet<string>): Statement[] {
  const kept = new Set<Statement>();
  const used = new Set(roots);
  for (;;) {
    const before = kept.size;
    for (const statement of statements) {
      if (kept.has(statement)) continue;
      const { names, text, isImport } = statement;
      if (isImport || (names.length > 0 && !names.some((name) => used.has(name)))) continue;
      kept.add(statement);
      for (const word of wordsOf(text)) used.add(word);
    }
    if (kept.size === before) break;
  }
  return statements.filter((statement) => kept.has(statement));
}

const otherPackages = ['keras', 'numpy', 'torch'];

/** Imports of what is used, in PEP 8's groups: the standard library, packages, the modules beside. */
function writeImports(
  imports: readonly Statement[],
  used: ReadonlySet<string>,
  ownModules: readonly string[],
): { text: string; fromModules: Map<string, string[]> } {
  const groups: string[][] = [[], [], []];
  const fromModules = new Map<string, string[]>();
  for (const { text } of imports) {
    const [, from] = /^from (\S+) import/.exec(text) ?? [];
    const names = namesOfImport(text).filter((name) => used.has(nameInUse(name)));
    if (names.length === 0) continue;
    const place = from ?? names[0]!.split(' as ')[0]!;
    const isOwn = ownModules.includes(place);
    if (isOwn) fromModules.set(place, names);
    const isPackage = otherPackages.includes(place.split('.')[0]!);
    const line =
      from === undefined ? `import ${names.join(', ')}` : `from ${from} import ${names.join(', ')}`;
    const fitting = line.length <= lineLimit ? line : bracketed(`from ${from} import `, names, '');
    groups[isOwn ? 2 : isPackage ? 1 : 0]!.push(fitting);
  }
  const text = groups
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
  return { text, fromModules };
}

const isDefinition = ({ text }: Statement): boolean => /^(?:class|def|@|if) ?/m.test(text);

/** Two empty lines around definitions, none between constants. */
function joinStatements(statements: readonly Statement[]): string {
  return statements
    .map((statement, index) => {
      const before = statements[index - 1];
      if (before === undefined) return statement.text;
      const gap = isDefinition(statement) || isDefinition(before) ? '\n\n\n' : '\n';
      return `${gap}${statement.text}`;
    })
    .join('');
}

export interface PythonModule {
  text: string;
  /** What it imports of the modules beside it, by module. */
  imports: Map<string, string[]>;
}

export interface ModuleRequest extends Choices {
  template: string;
  /** The names to keep; a statement that defines nothing is kept in any case. */
  roots: Iterable<string>;
  /** The modules that lie beside it. */
  ownModules: readonly string[];
  /** The text at its top; the template's own where it is left out. */
  docstring?: string | undefined;
}

/** The module with what is asked for. Throws where a template does not define it. */
export function cutModule({
  template,
  roots,
  ownModules,
  docstring,
  ...choices
}: ModuleRequest): PythonModule {
  const text = chooseLines(template, choices);
  const [opening = '', ownDocstring = ''] = /^"""([\s\S]*?)"""\n/.exec(text) ?? [];
  const statements = splitStatements(text.slice(opening.length));
  const rootNames = new Set(roots);
  const defined = new Set(statements.filter(({ isImport }) => !isImport).flatMap(({ names }) => names));
  for (const root of rootNames) {
    if (!defined.has(root)) throw new Error(`A template of exported scripts does not define "${root}".`);
  }
  const kept = keepUsed(statements, rootNames);
  const used = new Set(kept.flatMap((statement) => [...wordsOf(statement.text)]));
  const imports = writeImports(
    statements.filter(({ isImport }) => isImport),
    used,
    ownModules,
  );
  const first = kept[0];
  const gap = first !== undefined && isDefinition(first) ? '\n\n\n' : '\n\n';
  const head = `"""${docstring ?? ownDocstring}"""\n`;
  const body = [imports.text, joinStatements(kept)].filter((part) => part !== '').join(gap);
  return { text: `${head}\n${body}\n`, imports: imports.fromModules };
}
