// `import bytes from './assembly/kernels.ts?assembly=simd'`: the compiled WebAssembly of an AssemblyScript file.
// scripts/assemblyPlugin.ts does the work, in builds and in tests alike.
declare module '*?assembly=simd' {
  const bytes: Uint8Array<ArrayBuffer>;
  export default bytes;
}
declare module '*?assembly=relaxed' {
  const bytes: Uint8Array<ArrayBuffer>;
  export default bytes;
}
declare module '*?assembly=wide' {
  const bytes: Uint8Array<ArrayBuffer>;
  export default bytes;
}
