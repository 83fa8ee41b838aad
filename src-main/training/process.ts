import bytes from '../engine/kernels/assembly/kernels.ts?assembly=simd';
console.log(bytes.length, import.meta.url);
export {};
