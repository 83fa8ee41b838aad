// Who may import whom. Each layer lists all that it may reach; anything else is an error.

const layers = [
  { name: 'src-shared', path: '^src-shared/', may: ['^src-shared/'] },
  { name: 'engine', path: '^src-main/engine/', may: ['^src-main/engine/', '^src-shared/'] },
  { name: 'formats', path: '^src-main/formats/', may: ['^src-main/formats/', '^src-shared/'] },
  { name: 'files', path: '^src-main/files/', may: ['^src-main/files/', '^src-shared/'] },
  {
    name: 'datasets',
    path: '^src-main/datasets/',
    may: ['^src-main/(datasets|formats|files)/', '^src-shared/'],
  },
  {
    name: 'runs',
    path: '^src-main/runs/',
    may: ['^src-main/(runs|engine|formats|files)/', '^src-shared/'],
  },
  {
    name: 'exports',
    path: '^src-main/exports/',
    may: ['^src-main/(exports|runs|engine|formats|files)/', '^src-shared/'],
  },
  {
    name: 'imports',
    path: '^src-main/imports/',
    may: ['^src-main/(imports|runs|engine|formats)/', '^src-shared/'],
  },
  {
    name: 'training',
    path: '^src-main/training/',
    may: ['^src-main/(training|exports|engine|datasets|runs|formats|files)/', '^src-shared/'],
  },
  {
    name: 'app',
    path: '^src-main/app/',
    may: ['^src-main/(app|training|exports|imports|engine|datasets|runs|formats|files)/', '^src-shared/'],
  },
  ...['electron', 'browser', 'cli'].map((host) => ({
    name: `hosts/${host}`,
    path: `^src-main/hosts/${host}/`,
    may: [`^src-main/hosts/${host}/`, '^src-main/(app|training|files)/', '^src-shared/'],
  })),
  { name: 'src-renderer', path: '^src-renderer/', may: ['^src-renderer/', '^src-shared/'] },
];

// Packages and Node's own modules that each side may use.
const packages = [
  { from: '^src-shared/', only: '^node_modules/valibot/' },
  {
    from: '^src-renderer/',
    only: '^node_modules/(valibot|svelte|chart\\.js|bits-ui|@lucide/svelte|@internationalized/date)/',
  },
];

module.exports = {
  forbidden: [
    {
      name: 'no-circles',
      severity: 'error',
      comment: 'Modules that need each other are one module, or miss a third.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-unresolved',
      severity: 'error',
      comment: 'Every import leads to something that is there.',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'only-the-electron-host-imports-electron',
      severity: 'error',
      comment: 'In plain Node, importing electron starts a download.',
      from: { pathNot: '^src-main/hosts/electron/' },
      to: { path: '(^|node_modules/)electron(/|$)' },
    },
    ...layers.map(({ name, path, may }) => ({
      name: `${name}-imports-only-its-own-and-below`,
      severity: 'error',
      comment: 'See the table of layers in ARCHITECTURE.md.',
      from: { path },
      to: { pathNot: may, path: '^src-' },
    })),
    ...packages.map(({ from, only }) => ({
      name: `${from.slice(1, -1)}-uses-only-its-packages`,
      severity: 'error',
      comment: 'Shared code and the page have no Node, and few packages.',
      from: { path: from },
      to: { path: '^node_modules/', pathNot: only },
    })),
    {
      name: 'no-node-outside-the-main-side',
      severity: 'error',
      comment: 'Shared code and the page run without Node.',
      from: { path: '^(src-shared|src-renderer)/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'pure-code-touches-no-files-or-network',
      severity: 'error',
      comment:
        'The engine and the formats are functions over memory; threads and processor facts are all they ask of Node.',
      from: { path: '^src-main/(engine|formats)/' },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?(worker_threads|os|v8|zlib|util|perf_hooks)$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^src-main/engine/kernels/assembly/' },
    tsPreCompilationDeps: true,
    detectJSDocImports: false,
    enhancedResolveOptions: {
      extensions: ['.ts', '.svelte', '.svelte.ts', '.js'],
      exportsFields: ['exports'],
      conditionNames: ['svelte', 'import', 'require', 'node', 'default', 'types'],
    },
  },
};
